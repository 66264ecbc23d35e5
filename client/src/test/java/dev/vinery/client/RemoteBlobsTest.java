package dev.vinery.client;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.contract.DaemonUnderTest;
import dev.vinery.client.contract.Door;
import dev.vinery.client.contract.OurDaemon;
import dev.vinery.client.contract.Relay;
import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.lang.foreign.MemorySegment;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The memory of a client that came over TCP, and daemons that answer it wrongly.
final class RemoteBlobsTest {
  private static final long MIB = 1 << 20;
  private static final long MEMORY_BYTES = 64 * MIB;

  @RegisterExtension
  private final DaemonUnderTest daemon =
      new DaemonUnderTest(Door.TCP, OurDaemon::new, MEMORY_BYTES);

  @TempDir private Path directory;

  private static Draft blobOf(long sizeBytes, int content) {
    return new Draft.OfBlob(sizeBytes, memory -> memory.fill((byte) content));
  }

  @Test
  void anUploadThatBreaksGivesItsMemoryBack() throws Exception {
    long before = OwnMemory.mappedBytes();
    try (Relay relay = daemon.relay();
        Client client = Vinery.connect(relay.address())) {
      relay.breakAfter(3 * MIB);

      assertThatThrownBy(() -> client.create(blobOf(16 * MIB, 5)))
          .isInstanceOf(ConnectionException.class);

      assertThat(OwnMemory.mappedBytes()).isEqualTo(before);
    }
  }

  @Test
  void memoryGoesBackWhenTheLastHoldEnds() throws Exception {
    long before = OwnMemory.mappedBytes();
    try (Client client = daemon.connect()) {
      ObjectId id = client.create(Draft.object("T").member("b", blobOf(4 * MIB, 1)).build());
      assertThat(OwnMemory.mappedBytes()).isEqualTo(before);

      VineryObject object = client.getObject(id);
      VineryObject again = object.member("b").retain();
      MemorySegment kept = again.segment();
      object.close();
      assertThat(kept.get(JAVA_BYTE, 4 * MIB - 1)).isEqualTo((byte) 1);
      assertThat(OwnMemory.mappedBytes()).isEqualTo(before + 4 * MIB);

      again.close();
      assertThat(OwnMemory.mappedBytes()).isEqualTo(before);
      assertThat(kept.get(JAVA_BYTE, 4 * MIB - 1)).as("no longer that of the blob").isZero();
    }
  }

  @Test
  void forgottenMemoryIsCollected() throws Exception {
    long before = OwnMemory.mappedBytes();
    try (Client client = daemon.connect()) {
      ObjectId id = client.create(blobOf(4 * MIB, 1));
      client.getBlob(id);

      Waiting.untilCollected("the forgotten blob is gone", () -> OwnMemory.mappedBytes() == before);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\0\0\0\0\0\0\0\0",
        "\u00ff\u00ff\u00ff\0\0\0\0\0",
        "\f\0\0\0\0\0\0\0abcdefghijkl"
      })
  void compressedChunksThatAreWrongEndTheConnection(String chunk) throws Exception {
    var payload = MemoryFiles.payload(1, -1, 100);
    var found = new BlobReply.Found(List.of(payload), List.of(), true);
    Path socket = directory.resolve("scripted");
    try (var scripted =
            ScriptedDaemon.welcoming(socket, _ -> new ScriptedDaemon.AnswerAndBytes(found, chunk));
        var wrong = new Relay(UnixDomainSocketAddress.of(socket));
        Client client =
            Vinery.connect(
                wrong.address(), ConnectOptions.DEFAULT.withCompression(Compression.ON))) {
      assertThatThrownBy(() -> client.getBlob(payload.id()))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("a compressed chunk");
      Waiting.until("the client has left", () -> scripted.openConnections() == 0);
    }
  }

  @Test
  void aDaemonThatRefusesAfterTheBytesCameIsBelieved() throws Exception {
    var payload = MemoryFiles.payload(1, -1, 100);
    var full = new Reply.Failed(Status.STORE_FULL, "too late");
    Path socket = directory.resolve("scripted");
    try (var _ =
            ScriptedDaemon.welcoming(
                socket, _ -> new ScriptedDaemon.TakeBytes(payload, 100, full));
        var wrong = new Relay(UnixDomainSocketAddress.of(socket));
        Client client = Vinery.connect(wrong.address())) {
      assertThatThrownBy(() -> client.create(blobOf(100, 1)))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("too late");
    }
  }
}
