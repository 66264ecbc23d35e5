package dev.vinery.client;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Blobs over a TCP connection that breaks, is counted or compressed.
final class RemoteBlobsTest {
  private static final long MIB = 1 << 20;

  @TempDir private Path directory;
  private Daemon daemon;
  private Relay relay;

  @BeforeEach
  void start() throws IOException {
    var options = DaemonOptions.of(directory.resolve("s"), 64 * MIB);
    daemon = Daemon.start(options.withRpcPort(OptionalInt.of(0)));
    relay =
        new Relay(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), daemon.rpcPort().orElseThrow()));
  }

  @AfterEach
  void stop() {
    relay.close();
    daemon.close();
  }

  private Client connect(ConnectOptions options) throws IOException {
    return Vinery.connect(relay.address(), options);
  }

  private Client connect() throws IOException {
    return connect(ConnectOptions.DEFAULT);
  }

  private static Draft blobOf(long sizeBytes, int content) {
    return new Draft.OfBlob(sizeBytes, memory -> memory.fill((byte) content));
  }

  private long memoryUsageBytes() {
    try (Client local = Vinery.connect(daemon.socket())) {
      return local.status().memoryUsageBytes();
    }
  }

  @Test
  void aReadThatBreaksIsRepeatedOnANewConnection() throws Exception {
    try (Client client = connect()) {
      ObjectId id = client.create(blobOf(16 * MIB, 5));

      relay.breakAfter(3 * MIB);
      try (Blob blob = client.getBlob(id)) {
        assertThat(blob.segment().get(JAVA_BYTE, 16 * MIB - 1)).isEqualTo((byte) 5);
      }
      assertThat(relay.accepted()).isEqualTo(2);

      relay.breakConnections();
      assertThat(client.exists(id)).isTrue();
      assertThat(relay.accepted()).isEqualTo(3);
    }
  }

  @Test
  void anUploadThatBreaksIsSaidAndLeavesNothing() throws Exception {
    long before = OwnMemory.mappedBytes();
    try (Client client = connect()) {
      relay.breakAfter(3 * MIB);

      assertThatThrownBy(() -> client.create(blobOf(16 * MIB, 5)))
          .isInstanceOf(ConnectionException.class)
          .hasMessage("the daemon at %s is gone", relay.address());

      Waiting.until("the daemon has freed it", () -> memoryUsageBytes() == 0);
      assertThat(OwnMemory.mappedBytes()).isEqualTo(before);
      assertThat(client.exists(client.create(blobOf(16 * MIB, 5)))).isTrue();
    }
  }

  @Test
  void aWriterSurvivesAnUploadThatBreaks() throws Exception {
    try (Client client = connect();
        BlobWriter writer = client.createBlob(8 * MIB)) {
      writer.segment().fill((byte) 4);
      relay.breakAfter(MIB);
      assertThatThrownBy(writer::seal).isInstanceOf(ConnectionException.class);

      try (Blob blob = writer.seal();
          Blob got = client.getBlob(blob.id())) {
        assertThat(got.segment().get(JAVA_BYTE, 8 * MIB - 1)).isEqualTo((byte) 4);
      }
    }
  }

  @Test
  void aDaemonThatDoesNotComeBackIsSaid() throws Exception {
    try (Client client = connect()) {
      relay.close();

      assertThatThrownBy(client::status)
          .isInstanceOf(ConnectionException.class)
          .hasMessageStartingWith("no daemon listens at");
      assertThatThrownBy(() -> client.create(blobOf(1, 1))).isInstanceOf(ConnectionException.class);
    }
  }

  @Test
  void theBlobsOfAnObjectTravelInOneRequestEachWay() throws Exception {
    try (Client client = connect()) {
      var draft = Draft.object("test::Thing");
      for (int i = 0; i < 50; i++) {
        draft.member("b" + i, blobOf(1000, i));
      }
      long before = relay.bytesToTarget();
      ObjectId id = client.create(draft.build());
      long sent = relay.bytesToTarget() - before;

      try (VineryObject object = client.getObject(id)) {
        assertThat(object.member("b49").segment().get(JAVA_BYTE, 999)).isEqualTo((byte) 49);
      }

      assertThat(sent).isBetween(50_000L, 65_000L);
      assertThat(relay.bytesToTarget() - before - sent).as("two requests").isLessThan(2_500);
    }
  }

  @ParameterizedTest
  @EnumSource
  void compressedOrNotTheBytesAreTheSame(Compression compression) throws Exception {
    byte[] random = new byte[(int) (3 * MIB) + 7];
    new Random(42).nextBytes(random);
    var sent = new ArrayList<Long>();
    for (MemorySegment content :
        List.of(MemorySegment.ofArray(new byte[random.length]), MemorySegment.ofArray(random))) {
      try (Client client = connect(ConnectOptions.DEFAULT.withCompression(compression))) {
        long before = relay.bytesToTarget();
        ObjectId id =
            client.create(
                Draft.object("test::Two")
                    .member("one", Draft.blob(content))
                    .member("two", Draft.blob(content.asSlice(1)))
                    .build());
        sent.add(relay.bytesToTarget() - before);

        long atFirst = relay.bytesToClient();
        try (VineryObject object = client.getObject(id)) {
          assertThat(object.member("one").segment().mismatch(content)).isEqualTo(-1);
          assertThat(object.member("two").segment().mismatch(content.asSlice(1))).isEqualTo(-1);
        }
        boolean small = relay.bytesToClient() - atFirst < MIB;
        assertThat(small)
            .isEqualTo(compression == Compression.ON && content.get(JAVA_BYTE, 0) == 0);
        client.clear();
      }
    }
    assertThat(sent.getFirst() < MIB).isEqualTo(compression == Compression.ON);
    assertThat(sent.getLast()).isBetween(6 * MIB, 6 * MIB + 100_000);
  }

  @Test
  void listenersSeeEveryTransferToItsEnd() throws Exception {
    var reports = new ArrayList<List<Long>>();
    var options =
        ConnectOptions.DEFAULT.withTransferListener(
            (done, total) -> reports.add(List.of(done, total)));
    try (Client client = connect(options)) {
      client.getBlob(client.create(blobOf(20 * MIB, 1))).close();
    }

    assertThat(reports).hasSizeGreaterThan(4).allMatch(report -> report.get(1) == 20 * MIB);
    assertThat(reports).filteredOn(report -> report.get(0) == 20 * MIB).hasSize(2);
  }

  @Test
  void memoryGoesBackWhenTheLastHoldEnds() throws Exception {
    long before = OwnMemory.mappedBytes();
    try (Client client = connect()) {
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
    try (Client client = connect()) {
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
