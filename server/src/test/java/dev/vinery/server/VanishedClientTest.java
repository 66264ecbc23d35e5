package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.SlabReply;
import dev.vinery.protocol.SlabRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What becomes of the things of a client that has gone.
final class VanishedClientTest {
  private static final int LIMIT_BYTES = 1 << 20;

  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(LIMIT_BYTES);

  @Test
  void whatItNeverSealedComesBackToTheLastByte() {
    TestClient neighbour = daemon.client();
    TestClient client = daemon.client();
    Payload one = client.create(LIMIT_BYTES / 2);
    client.createMany(1L, 2L, 3L, 1000L);

    client.close();

    eventually(() -> assertThat(neighbour.usage()).isZero());
    assertThat(neighbour.exists(one.id())).isFalse();
    neighbour.create(LIMIT_BYTES);
  }

  @Test
  void whatItSealedStays() {
    TestClient neighbour = daemon.client();
    TestClient client = daemon.client();
    ObjectId id = client.put("stays");
    Payload lost = client.create(100);

    client.close();

    eventually(() -> assertThat(neighbour.exists(lost.id())).isFalse());
    assertThat(neighbour.text(id)).isEqualTo("stays");
    assertThat(neighbour.usage()).isEqualTo(5);
  }

  @Test
  void whatItHeldIsHeldNoLonger() {
    TestClient neighbour = daemon.client();
    TestClient client = daemon.client();
    ObjectId id = neighbour.put("held");
    client.getOne(id);
    neighbour.delete(id);
    assertThat(neighbour.usage()).isEqualTo(4);

    client.close();

    eventually(() -> assertThat(neighbour.usage()).isZero());
  }

  @Test
  void whatAnotherReadsUnsealedIsHiddenAndStaysForTheReader() {
    TestClient reader = daemon.client();
    TestClient writer = daemon.client();
    Payload written = writer.create(4);
    writer.write(written, new byte[] {1, 2, 3, 4});
    Payload read =
        reader
            .wire()
            .call(new BlobRequest.Get(List.of(written.id()), true), BlobReply.Found.class)
            .payloads()
            .getFirst();

    writer.close();

    eventually(() -> assertThat(reader.exists(written.id())).isFalse());
    ReaderGuaranteeTest.fill(reader);
    assertThat(reader.read(read)).containsExactly(1, 2, 3, 4);
    reader.release(written.id());
    assertThat(reader.usage()).isEqualTo(LIMIT_BYTES - 4);
  }

  @Test
  void itsAnonymousFilesOnDiskAndItsSlabsAreClosed() {
    TestClient neighbour = daemon.client();
    TestClient client = daemon.client();
    neighbour.put("x");
    int before = Traces.now().descriptors().size();
    for (int i = 0; i < 5; i++) {
      client.wire().call(new BlobRequest.CreateOnDisk(10_000, ""), BlobReply.CreatedOnDisk.class);
      client.wire().call(new SlabRequest.Make(10_000), SlabReply.Made.class);
    }
    SlabReply.Made finished =
        client.wire().call(new SlabRequest.Make(10_000), SlabReply.Made.class);
    client.done(new SlabRequest.Finish(finished.storeFd(), List.of(0L, 64L), List.of(64L, 64L)));
    assertThat(Traces.now().descriptors()).hasSizeGreaterThan(before + 10);

    client.close();

    eventually(() -> assertThat(Traces.now().descriptors()).hasSize(before - 2)); // both ends of it
  }

  @Test
  void aBlobOnDiskThatItSealedStays() {
    TestClient neighbour = daemon.client();
    TestClient client = daemon.client();
    Payload payload =
        client
            .wire()
            .call(new BlobRequest.CreateOnDisk(3, ""), BlobReply.CreatedOnDisk.class)
            .payload();
    client.write(payload, new byte[] {7, 8, 9});
    client.seal(payload.id());

    client.close();

    eventually(() -> assertThat(neighbour.status().ipcConnections()).isOne());
    assertThat(neighbour.read(neighbour.getOne(payload.id()))).containsExactly(7, 8, 9);
  }

  @Test
  void itWaitsNoLonger() {
    TestClient neighbour = daemon.client();
    TestClient client = daemon.client();
    int before = Traces.now().descriptors().size();
    client.wire().send(new NameRequest.Get("never", true));
    eventually(() -> assertThat(neighbour.status().deferredRequests()).isOne());

    client.close();

    eventually(() -> {
      assertThat(neighbour.status().deferredRequests()).isZero();
      assertThat(neighbour.status().ipcConnections()).isOne();
      assertThat(Traces.now().descriptors()).hasSize(before - 2);
    });
  }

  @Test
  void itsLastFrameIsNotCarriedOutUnlessItIsWhole() {
    TestClient neighbour = daemon.client();
    ObjectId id = neighbour.put("not dropped");
    TestClient client = daemon.client();
    byte[] drop =
        "{\"type\":\"drop_buffer_request\",\"id\":%s}"
            .formatted(Long.toUnsignedString(id.value()))
            .getBytes(StandardCharsets.US_ASCII);
    // A whole one goes before, so that its bytes could complete the second.
    client.wire().call(new String(drop, StandardCharsets.US_ASCII).replace("drop_", "xxxx_"));
    client.wire().sendLength(drop.length);
    client.wire().send(Arrays.copyOf(drop, drop.length - 1));

    client.close();

    eventually(() -> assertThat(neighbour.status().ipcConnections()).isOne());
    assertThat(neighbour.text(id)).isEqualTo("not dropped");
  }
}
