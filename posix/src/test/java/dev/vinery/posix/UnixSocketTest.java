package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnixSocketTest {
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(4096);

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void choosePath() {
    path = directory.resolve("vinery.sock");
  }

  @AfterEach
  void freeBuffer() {
    arena.close();
  }

  @Test
  void bytesTravelBothWays() throws Exception {
    try (var ends = Connection.at(path)) {
      send(ends.client(), "ping");
      assertThat(receive(ends.server())).isEqualTo("ping");

      send(ends.server(), "pong");
      assertThat(receive(ends.client())).isEqualTo("pong");
    }
  }

  @Test
  void receivingTouchesOnlyTheGivenRange() throws Exception {
    try (var ends = Connection.at(path)) {
      buffer.fill((byte) '.');
      MemorySegment message = arena.allocateFrom("abcdef");
      assertThat(UnixSocket.send(ends.client(), message, 1, 4)).isEqualTo(4);

      assertThat(UnixSocket.receive(ends.server(), buffer, 10, 3)).isEqualTo(3);
      assertThat(text(9, 5)).isEqualTo(".bcd.");
      assertThat(UnixSocket.receive(ends.server(), buffer, 0, 4096)).isEqualTo(1);
      assertThat(text(0, 2)).isEqualTo("e.");
    }
  }

  @Test
  void tryingToReceiveNeverWaits() throws Exception {
    try (var ends = Connection.at(path)) {
      assertThat(UnixSocket.tryReceive(ends.server(), buffer, 0, 8))
          .isEqualTo(UnixSocket.WOULD_BLOCK);

      send(ends.client(), "x");
      assertThat(UnixSocket.tryReceive(ends.server(), buffer, 0, 8)).isEqualTo(1);

      UnixSocket.shutdown(ends.client());
      assertThat(UnixSocket.tryReceive(ends.server(), buffer, 0, 8)).isZero();
    }
  }

  @Test
  void aReceiverSeesTheEndWhenThePeerCloses() throws Exception {
    Connection ends = Connection.at(path);
    try {
      var receiver = KernelThread.blockedIn(() -> UnixSocket.receive(ends.server(), buffer, 0, 8));
      assertThat(receiver.done()).isFalse();

      Descriptor.close(ends.client());

      assertThat(receiver.result()).isZero();
    } finally {
      Descriptor.close(ends.server());
    }
  }

  @Test
  void shuttingDownWakesAReceiver() throws Exception {
    try (var ends = Connection.at(path)) {
      var receiver = KernelThread.blockedIn(() -> UnixSocket.receive(ends.server(), buffer, 0, 8));
      assertThat(receiver.done()).isFalse();

      UnixSocket.shutdown(ends.server());

      assertThat(receiver.result()).isZero();
    }
  }

  @Test
  void shuttingDownWakesWhoAccepts() throws Exception {
    int listener = UnixSocket.socket();
    try {
      UnixSocket.bind(listener, path);
      UnixSocket.listen(listener, 1);
      var accepting =
          KernelThread.blockedIn(() -> {
            try {
              return UnixSocket.accept(listener);
            } catch (PosixException shutDown) {
              return -shutDown.errno();
            }
          });
      assertThat(accepting.done()).isFalse();

      UnixSocket.shutdown(listener);

      assertThat(accepting.result()).isEqualTo(-Errno.EINVAL);
    } finally {
      Descriptor.close(listener);
    }
  }

  @Test
  void sendingToAPeerThatHasGoneIsAnError() throws Exception {
    Connection ends = Connection.at(path);
    Descriptor.close(ends.client());
    try {
      assertFails(Errno.EPIPE, () -> UnixSocket.send(ends.server(), buffer, 0, 8));
    } finally {
      Descriptor.close(ends.server());
    }
  }

  @Test
  void aPeerThatClosesWithoutReadingResetsTheConnection() throws Exception {
    Connection ends = Connection.at(path);
    send(ends.server(), "unread");
    Descriptor.close(ends.client());
    try {
      assertFails(Errno.ECONNRESET, () -> UnixSocket.receive(ends.server(), buffer, 0, 8));
    } finally {
      Descriptor.close(ends.server());
    }
  }

  @Test
  void aFullSocketTakesAPartAtMost() throws Exception {
    try (var ends = Connection.at(path)) {
      MemorySegment large = arena.allocate(8 << 20);
      var sender =
          KernelThread.blockedIn(() -> UnixSocket.send(ends.client(), large, 0, large.byteSize()));
      assertThat(sender.done()).isFalse();

      UnixSocket.shutdown(ends.client());

      assertThat(sender.result()).isBetween(1, (8 << 20) - 1);
    }
  }

  @Test
  void connectingTellsWhyItFails() throws Exception {
    int fd = UnixSocket.socket();
    try {
      assertFails(Errno.ENOENT, () -> UnixSocket.connect(fd, path));

      Connection.at(path).close(); // leaves the file of a socket where nobody listens
      assertFails(Errno.ECONNREFUSED, () -> UnixSocket.connect(fd, path));
      assertFails(Errno.EADDRINUSE, () -> UnixSocket.bind(fd, path));
      assertThatThrownBy(() -> UnixSocket.connect(fd, path))
          .hasMessage("connect to " + path + " failed: Connection refused (errno 111)");
    } finally {
      Descriptor.close(fd);
    }
  }

  @Test
  void theLongestPathFitsAndALongerOneIsRefused() throws Exception {
    Path deep = Files.createTempDirectory(Path.of("/tmp"), "v");
    Path longest =
        deep.resolve("s".repeat(UnixSocket.PATH_BYTES_MAX - deep.toString().length() - 1));
    Path longer = Path.of(longest + "s");
    try {
      Connection.at(longest).close();
      assertThat(longest).exists();

      int fd = UnixSocket.socket();
      assertThatThrownBy(() -> UnixSocket.connect(fd, longer))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("longer than 107 bytes")
          .hasMessageContaining("(108 bytes)");
      Descriptor.close(fd);
    } finally {
      Files.deleteIfExists(longest);
      Files.delete(deep);
    }
  }

  @Test
  void aPathIsNamedInUtf8() throws Exception {
    Path name = directory.resolve("weinstöcke");

    Connection.at(name).close();

    assertThat(name).exists();
  }

  @Test
  void bothEndsKnowEachOther() throws Exception {
    try (var ends = Connection.at(path)) {
      var self =
          new PeerCredentials(
              (int) ProcessHandle.current().pid(),
              FileAccess.effectiveUser(),
              FileAccess.effectiveGroup());

      assertThat(UnixSocket.peerCredentials(ends.server())).isEqualTo(self);
      assertThat(UnixSocket.peerCredentials(ends.client())).isEqualTo(self);
    }
  }

  @Test
  void aBufferThatCannotBeReceivedIntoIsRefused() throws Exception {
    try (var ends = Connection.at(path)) {
      send(ends.client(), "x");
      int fd = ends.server();

      assertThatThrownBy(() -> UnixSocket.receive(fd, buffer, 0, 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> UnixSocket.receive(fd, buffer, 4000, 97))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> UnixSocket.tryReceive(fd, buffer.asReadOnly(), 0, 8))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> UnixSocket.receive(fd, MemorySegment.ofArray(new byte[8]), 0, 8))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(receive(fd)).isEqualTo("x");
    }
  }

  private void send(int fd, String message) throws PosixException {
    MemorySegment bytes = arena.allocateFrom(message);
    assertThat(UnixSocket.send(fd, bytes, 0, message.length())).isEqualTo(message.length());
  }

  private String receive(int fd) throws PosixException {
    return text(0, UnixSocket.receive(fd, buffer, 0, buffer.byteSize()));
  }

  private String text(long offset, long length) {
    byte[] bytes = buffer.asSlice(offset, length).toArray(JAVA_BYTE);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private static void assertFails(int errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PosixException.class, failed -> assertThat(failed.errno()).isEqualTo(errno));
  }
}
