package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.RemoteBlobRequest;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Clients on TCP that are many, or slow.
final class ManyPeersTest {
  private static final int LIMIT_BYTES = 64 << 20;
  private static final int IDLE = 1000;
  private static final long MAX_IDLE_BYTES = 20 << 10;

  @RegisterExtension
  private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(LIMIT_BYTES).through(Door.TCP);

  @Test
  void aThousandIdleClientsTakeLittleMemory() {
    TestClient client = daemon.client();
    List<TestClient> warm = connect(50);
    warm.forEach(TestClient::close);
    eventually(() -> assertThat(client.status().rpcConnections()).isOne());
    long before = heapBytes();

    List<TestClient> idle = connect(IDLE);

    // Their own half is counted, too: it is in this process.
    assertThat((heapBytes() - before) / IDLE).isLessThan(MAX_IDLE_BYTES);
    assertThat(client.status().rpcConnections()).isEqualTo(IDLE + 1);
    idle.forEach(TestClient::close);
    eventually(() -> assertThat(client.status().rpcConnections()).isOne());
  }

  private List<TestClient> connect(int count) {
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(daemon.client());
    }
    return clients;
  }

  @Test
  void tenThousandConnectionsOpenedAndDroppedLeaveNothing() throws IOException {
    TestClient client = daemon.client();
    drop(500);
    eventually(() -> assertThat(client.status().rpcConnections()).isOne());
    Traces before = settledTraces();
    long heapBefore = heapBytes();

    drop(10_000);

    eventually(() -> {
      assertThat(client.status().rpcConnections()).isOne();
      assertThat(Traces.now()).isEqualTo(before);
    });
    assertThat(heapBytes() - heapBefore).isLessThan(1 << 20);
    assertThat(client.upload(new byte[] {1}).sizeBytes()).isOne();
  }

  /// What there is when the last sockets are closed, which is just after they are not counted any
  /// more.
  private static Traces settledTraces() {
    Traces[] last = {Traces.now()};
    eventually(() -> {
      Traces former = last[0];
      last[0] = Traces.now();
      assertThat(last[0]).isEqualTo(former);
    });
    return last[0];
  }

  private void drop(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      try (SocketChannel dropped = SocketChannel.open(daemon.address())) {
        // Reset and not closed in order, so that this host does not run out of ports.
        dropped.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
    }
  }

  @Test
  void whoReadsSlowlyHoldsItsBlobAndDisturbsNobody() {
    TestClient neighbour = daemon.localClient();
    TestClient slow = daemon.client();
    ObjectId id = slow.upload(new byte[LIMIT_BYTES / 2]).id();
    slow.wire().send(new RemoteBlobRequest.Download(List.of(id), false, false));
    slow.wire().receiveReply();
    long before = heapBytes();
    for (int i = 0; i < 100; i++) {
      slow.wire().receive(1);
      TestClient other = daemon.client();
      assertThat(other.upload(new byte[100_000]).sizeBytes()).isEqualTo(100_000);
      other.close();
    }

    neighbour.delete(id);

    assertThat(heapBytes() - before).isLessThan(1 << 20);
    assertThat(neighbour.usage()).isEqualTo(LIMIT_BYTES / 2 + 100 * 100_000L);
    slow.close();
    eventually(() -> assertThat(neighbour.usage()).isEqualTo(100 * 100_000L));
    assertThat(
            neighbour
                .wire()
                .call(new BlobRequest.Create(LIMIT_BYTES / 2), BlobReply.Created.class)
                .payload()
                .sizeBytes())
        .isEqualTo(LIMIT_BYTES / 2);
  }

  /// Bytes that are alive on the heap.
  private static long heapBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
