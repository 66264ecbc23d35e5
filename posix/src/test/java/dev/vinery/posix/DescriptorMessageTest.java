package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Descriptors that travel over a connection.
final class DescriptorMessageTest {
  private static final Native.Function SENDMSG = Native.function("sendmsg");
  private static final int PAGE = SharedMemory.pageSize();

  @TempDir private Path directory;
  private Connection ends;

  @BeforeEach
  void connect() throws PosixException {
    ends = Connection.at(directory.resolve("s"));
  }

  @AfterEach
  void disconnect() {
    ends.close();
  }

  @Test
  void aDescriptorArrivesAsAnotherOneOfTheSameFile() throws Exception {
    int sent = SharedMemory.memfdCreate("travels");
    SharedMemory.truncate(sent, PAGE);
    UnixSocket.sendDescriptor(ends.client(), sent);
    int received = UnixSocket.receiveDescriptor(ends.server());
    try (var arena = Arena.ofConfined()) {
      assertThat(received).isNotEqualTo(sent);
      SharedMemory.map(sent, PAGE, true, arena).set(JAVA_LONG, 0, 42);
      assertThat(SharedMemory.map(received, PAGE, false, arena).get(JAVA_LONG, 0)).isEqualTo(42);
    } finally {
      Descriptor.close(sent);
      Descriptor.close(received);
    }
  }

  @Test
  void itTakesExactlyOneByteOfTheStream() throws Exception {
    int sent = SharedMemory.memfdCreate("between-bytes");
    try (var arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom("ab");
      UnixSocket.send(ends.client(), bytes, 0, 1);
      UnixSocket.sendDescriptor(ends.client(), sent);
      UnixSocket.sendDescriptor(ends.client(), sent);
      UnixSocket.send(ends.client(), bytes, 1, 1);

      assertThat(UnixSocket.receive(ends.server(), bytes, 0, 1)).isEqualTo(1);
      Descriptor.close(UnixSocket.receiveDescriptor(ends.server()));
      Descriptor.close(UnixSocket.receiveDescriptor(ends.server()));
      assertThat(UnixSocket.receive(ends.server(), bytes, 1, 2)).isEqualTo(1);
      assertThat(bytes.getString(0)).isEqualTo("ab");
    } finally {
      Descriptor.close(sent);
    }
  }

  @Test
  void aByteWithoutADescriptorIsRefused() throws Exception {
    try (var arena = Arena.ofConfined()) {
      UnixSocket.send(ends.client(), arena.allocate(1), 0, 1);
    }

    assertThatThrownBy(() -> UnixSocket.receiveDescriptor(ends.server()))
        .hasMessage("recvmsg of one descriptor, 0 came, failed: Bad message (errno 74)");
  }

  @Test
  void twoDescriptorsAtOnceAreRefusedAndClosed() throws Exception {
    assertRefusedAndClosed(2, "recvmsg of one descriptor, 2 came, failed: Bad message (errno 74)");
  }

  @Test
  void moreDescriptorsThanThereIsRoomForAreRefusedAndClosed() throws Exception {
    assertRefusedAndClosed(
        20, "recvmsg of one descriptor, more than 8 came, failed: Bad message (errno 74)");
  }

  @Test
  void theEndOfTheStreamIsNoDescriptor() throws Exception {
    UnixSocket.shutdown(ends.client());

    assertThatThrownBy(() -> UnixSocket.receiveDescriptor(ends.server()))
        .isInstanceOfSatisfying(
            PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECONNRESET));
  }

  /// Sends one end of another connection several times over. Its other end sees the end of file
  /// only when no copy is open any more.
  private void assertRefusedAndClosed(int copies, String message) throws Exception {
    Connection watched = Connection.at(directory.resolve("watched"));
    try {
      sendCopies(watched.client(), copies);
      Descriptor.close(watched.client());
      assertThat(Poll.await(watched.server(), 0, 0)).as("copies in flight keep it open").isZero();

      assertThatThrownBy(() -> UnixSocket.receiveDescriptor(ends.server())).hasMessage(message);

      assertThat(Poll.await(watched.server(), 0, 0)).isEqualTo(Poll.POLLHUP);
    } finally {
      Descriptor.close(watched.server());
    }
  }

  private void sendCopies(int descriptor, int copies) throws PosixException {
    try (var arena = Arena.ofConfined()) {
      MemorySegment control = arena.allocate(16 + 4L * copies, 8);
      control.set(JAVA_LONG, 0, control.byteSize());
      control.set(JAVA_INT, 8, 1);
      control.set(JAVA_INT, 12, 1);
      for (int i = 0; i < copies; i++) {
        control.setAtIndex(JAVA_INT, 4 + i, descriptor);
      }
      MemorySegment data = arena.allocateFrom(JAVA_BYTE, (byte) 20);
      MemorySegment vector = arena.allocateFrom(JAVA_LONG, data.address(), 1);
      MemorySegment header =
          arena.allocateFrom(
              JAVA_LONG, 0, 0, vector.address(), 1, control.address(), control.byteSize(), 0);
      SENDMSG.call(ends.client(), header.address(), 0);
    }
  }
}
