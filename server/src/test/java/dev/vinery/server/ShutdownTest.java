package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.testkit.Eventually;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The end of a daemon, whatever its clients are doing.
final class ShutdownTest {
  /// Less than the daemon grants its connections before it goes without them.
  private static final Duration SWIFTLY = Duration.ofSeconds(3);

  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(1 << 20);

  @Test
  void itTakesNoTimeWithClientsThatIdleWaitOrStopInTheMiddle() throws Exception {
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(daemon.client());
    }
    clients.get(0).wire().send(new NameRequest.Get("never", true));
    clients.get(1).wire().send(new ObjectRequest.Get(List.of(new ObjectId(5)), false, true));
    clients.get(2).wire().send(new byte[] {1, 2, 3});
    clients.get(3).wire().sendLength(1000);
    clients.get(3).wire().send("{\"type\":".getBytes(StandardCharsets.US_ASCII));
    clients.get(4).create(1000);
    clients.get(5).getOne(clients.get(6).put("x"));
    Path session = Sessions.open(clients.get(7), StoreType.NORMAL);
    TestClient inSession = daemon.client(session);
    inSession.wire().send(new NameRequest.Get("never", true));
    daemon.stranger();
    eventually(() -> assertThat(clients.get(8).status().deferredRequests()).isEqualTo(3));

    assertClosesSwiftly();

    for (TestClient client : clients) {
      assertThat(client.wire().closedByPeer(Eventually.PATIENCE)).isTrue();
    }
    assertThat(inSession.wire().closedByPeer(Eventually.PATIENCE)).isTrue();
    assertThat(daemon.socket()).doesNotExist();
    assertThat(session).doesNotExist();
  }

  @Test
  void itTakesNoTimeWithAClientThatDoesNotReadItsReplies() throws Exception {
    TestClient client = daemon.client();
    ObjectId id = client.put("x");
    List<ObjectId> many = Collections.nCopies(20_000, id);
    client.wire().send(new BlobRequest.Get(many, false));
    TestClient neighbour = daemon.client();
    eventually(() -> assertThat(threadState("vinery-client")).contains(Thread.State.RUNNABLE));
    assertThat(neighbour.usage()).isEqualTo(1);

    assertClosesSwiftly();
  }

  private static List<Thread.State> threadState(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .map(Thread::getState)
        .toList();
  }

  @Test
  void whoClosesItAgainWaitsUntilItIsClosed() throws Exception {
    for (int i = 0; i < 10; i++) {
      daemon.client();
    }
    List<Thread> closers = new ArrayList<>();
    List<Boolean> gone = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 4; i++) {
      closers.add(
          Thread.ofPlatform()
              .start(() -> {
                daemon.daemon().close();
                gone.add(Traces.now().threads().isEmpty());
              }));
    }

    daemon.daemon().awaitClosed();

    for (Thread closer : closers) {
      closer.join(SWIFTLY);
    }
    assertThat(gone).containsExactly(true, true, true, true);
  }

  @Test
  void clientsMayComeAndGoMeanwhile() throws Exception {
    List<Thread> visitors = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      visitors.add(Thread.ofPlatform().start(this::visitUntilItIsGone));
    }
    eventually(() -> assertThat(daemon.client().status().ipcConnections()).isPositive());

    assertClosesSwiftly();

    for (Thread visitor : visitors) {
      visitor.join(Eventually.PATIENCE);
      assertThat(visitor.isAlive()).isFalse();
    }
    assertThat(daemon.socket()).doesNotExist();
  }

  private void visitUntilItIsGone() {
    while (true) {
      try (TestClient client = TestClient.registered(daemon.socket())) {
        client.put("visited");
      } catch (ConnectionException gone) {
        return;
      }
    }
  }

  private void assertClosesSwiftly() throws InterruptedException {
    Thread closing = Thread.ofPlatform().start(daemon.daemon()::close);
    closing.join(SWIFTLY);
    assertThat(closing.isAlive()).as("still closing").isFalse();
    daemon.daemon().awaitClosed();
  }
}
