package dev.vinery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.Codec;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Reply;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WireClientTest {
  private static final Duration SOON = Duration.ofMillis(50);

  @TempDir private Path directory;
  private int listener;
  private int daemon;
  private WireClient client;

  @BeforeEach
  void connect() throws PosixException {
    Path socket = directory.resolve("s");
    listener = UnixSocket.socket();
    UnixSocket.bind(listener, socket);
    UnixSocket.listen(listener, 1);
    client = WireClient.connect(socket);
    daemon = UnixSocket.accept(listener);
  }

  @AfterEach
  void close() {
    client.close();
    if (daemon >= 0) {
      Descriptor.close(daemon);
    }
    Descriptor.close(listener);
  }

  @Test
  void aFrameIsItsLengthInLittleEndianAndItsBody() throws PosixException {
    client.sendFrame("{}");

    assertThat(receive(10)).containsExactly(2, 0, 0, 0, 0, 0, 0, 0, '{', '}');
  }

  @Test
  void aFrameThatComesInPiecesIsPutTogether() throws PosixException {
    for (byte b : new byte[] {3, 0, 0, 0, 0, 0, 0, 0, 'a', 'b', 'c'}) {
      send(b);
    }

    assertThat(client.receiveFrame()).asString(StandardCharsets.UTF_8).isEqualTo("abc");
    assertThat(client.silent()).isTrue();
  }

  @Test
  void aLargeFrameGoesThroughWhileTheDaemonReads() throws Exception {
    var body = new byte[3 << 20];
    Thread reading =
        Thread.ofPlatform()
            .start(() -> {
              try {
                receive(8 + body.length);
              } catch (PosixException e) {
                throw new AssertionError(e);
              }
            });

    client.sendFrame(body);

    reading.join(Eventually.PATIENCE);
    assertThat(reading.isAlive()).isFalse();
  }

  @Test
  void noCallWaitsLongerThanItsPatience() {
    client.patience(SOON);

    assertThatThrownBy(client::receiveFrame).isInstanceOf(AssertionError.class);
    assertThatThrownBy(client::receiveDescriptor).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> client.send(new byte[8 << 20])).isInstanceOf(AssertionError.class);
  }

  @Test
  void descriptorsThatAReplyAnnouncesAreKeptAndMapped() throws PosixException {
    int memory = SharedMemory.memfdCreate("test");
    SharedMemory.truncate(memory, 4096);
    try (var arena = Arena.ofConfined()) {
      SharedMemory.map(memory, 4096, true, arena).set(ValueLayout.JAVA_BYTE, 64, (byte) 7);
    }
    var payload = new Payload(new ObjectId(-5), 3, 64, 1, 4096 + 8, 0, false, true);
    reply(new BlobReply.Created(payload, 3));
    UnixSocket.sendDescriptor(daemon, memory);
    Descriptor.close(memory);

    var reply = client.call(new BlobRequest.Create(1), BlobReply.Created.class);

    assertThat(client.keys()).containsExactly(3);
    assertThat(client.bytes(reply.payload()).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
  }

  @Test
  void aReplyOfAnotherKindFailsTheTest() throws PosixException {
    reply(Reply.Done.SEAL);

    assertThatThrownBy(() -> client.call(new BlobRequest.Create(1), BlobReply.Created.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("SEAL");
  }

  @Test
  void whatIsNoFrameFailsTheTest() throws PosixException {
    for (int i = 0; i < 8; i++) {
      send((byte) -1);
    }

    assertThatThrownBy(client::receiveFrame).isInstanceOf(AssertionError.class);
  }

  @Test
  void theEndOfTheConnectionIsSeen() {
    assertThat(client.closedByPeer(SOON)).isFalse();

    Descriptor.close(daemon);
    daemon = -1;

    assertThat(client.closedByPeer(Eventually.PATIENCE)).isTrue();
    assertThatThrownBy(client::receiveFrame).isInstanceOf(ConnectionException.class);
    assertThatThrownBy(() -> client.sendFrame("{}")).isInstanceOf(ConnectionException.class);
  }

  @Test
  void bytesThatNobodyAskedForAreNotTheEnd() throws PosixException {
    send((byte) 1);

    assertThat(client.closedByPeer(Eventually.PATIENCE)).isFalse();
  }

  @Test
  void whereNobodyListensNobodyConnects() {
    assertThatThrownBy(() -> WireClient.connect(directory.resolve("none")))
        .isInstanceOf(ConnectionException.class);
  }

  private void reply(Reply reply) throws PosixException {
    var out = new JsonWriter();
    out.beginFrame();
    Codec.write(reply, out);
    out.endFrame();
    for (byte b : out.toByteArray()) {
      send(b);
    }
  }

  private void send(byte b) throws PosixException {
    try (var arena = Arena.ofConfined()) {
      UnixSocket.send(daemon, arena.allocateFrom(ValueLayout.JAVA_BYTE, b), 0, 1);
    }
  }

  private byte[] receive(int count) throws PosixException {
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocate(count);
      for (int received = 0; received < count; ) {
        received += UnixSocket.receive(daemon, bytes, received, count - received);
      }
      return bytes.toArray(ValueLayout.JAVA_BYTE);
    }
  }
}
