package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a daemon does with the path it is to listen at.
final class SocketFileTest {
  private static final long LIMIT_BYTES = 1 << 20;

  @TempDir private Path directory;
  private Traces before = Traces.NONE;

  @BeforeEach
  void look() {
    before = Traces.now();
  }

  /// Whether it started or not, nothing may be left.
  @AfterEach
  void nothingIsLeft() {
    assertThat(Traces.now()).isEqualTo(before);
  }

  @Test
  void theSocketIsRemovedWithTheDaemon() throws IOException {
    Path socket = directory.resolve("s");

    try (Daemon daemon = start(socket)) {
      assertThat(daemon.socket()).isEqualTo(socket).exists();
      TestClient.registered(socket).close();
    }

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void directoriesThatAreMissingAreMade() throws IOException {
    Path socket = directory.resolve("a/b/s");

    try (Daemon daemon = start(socket)) {
      TestClient.registered(daemon.socket()).close();
    }
  }

  @Test
  void theSocketOfADaemonThatWasKilledIsReplaced() throws Exception {
    Path socket = directory.resolve("s");
    int dead = UnixSocket.socket();
    UnixSocket.bind(dead, socket);
    UnixSocket.listen(dead, 1);
    Descriptor.close(dead);
    assertThat(socket).exists();

    try (Daemon daemon = start(socket)) {
      TestClient.registered(daemon.socket()).close();
    }
  }

  @Test
  void theSocketOfALiveDaemonIsRefusedAndLeftAlone() throws IOException {
    Path socket = directory.resolve("s");
    try (Daemon live = start(socket)) {
      assertThatThrownBy(() -> start(socket))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(socket.toString())
          .hasMessageContaining("another daemon");

      TestClient.registered(live.socket()).close();
    }
  }

  @Test
  void anythingElseIsRefusedAndLeftAlone() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "precious");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    Path folder = Files.createDirectory(directory.resolve("folder"));

    for (Path path : new Path[] {file, link, folder}) {
      assertThatThrownBy(() -> start(path))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(path.toString());
    }

    assertThat(file).hasContent("precious");
    assertThat(link).isSymbolicLink();
    assertThat(folder).isDirectory();
  }

  @Test
  void aPathThatIsTooLongIsRefusedInOneLine() {
    Path socket = directory.resolve("x".repeat(120));

    assertThatThrownBy(() -> start(socket))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("107 bytes")
        .hasMessageContaining(socket.toString());
  }

  @Test
  void aDirectoryThatCannotBeMadeIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(() -> start(file.resolve("s"))).isInstanceOf(IOException.class);
  }

  @Test
  void theModeOfTheSocketIsWhatWasAskedFor() throws IOException {
    Path socket = directory.resolve("s");
    var defaults = DaemonOptions.of(socket, LIMIT_BYTES);
    for (int mode : new int[] {0777, 0700, 0660, 0}) {
      var options =
          new DaemonOptions(
              socket,
              mode,
              defaults.memoryLimitBytes(),
              defaults.hostname(),
              defaults.nodename(),
              defaults.deployment(),
              defaults.metadataPrefix(),
              defaults.reserve(),
              defaults.hugePages(),
              defaults.compression(),
              OptionalInt.empty(),
              defaults.streams(),
              defaults.sharedMetadata());
      try (Daemon daemon = Daemon.start(options)) {
        assertThat((int) Files.getAttribute(daemon.socket(), "unix:mode") & 0777).isEqualTo(mode);
      }
    }
  }

  @Test
  void aMemoryLimitThatIsNoneIsRefused() {
    Path socket = directory.resolve("s");

    assertThatThrownBy(() -> DaemonOptions.of(socket, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DaemonOptions.of(socket, Long.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Daemon.start(DaemonOptions.of(socket, MemoryPool.MAX_LIMIT_BYTES)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(Long.toString(MemoryPool.MAX_LIMIT_BYTES));
    assertThat(Files.exists(socket, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  /// The daemon was started with a mask that takes everything away from the group and others.
  @Test
  void permissionsDoNotDependOnWhatTheDirectoryIs() throws IOException, PosixException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

    try (Daemon daemon = start(directory.resolve("s"))) {
      int fd = UnixSocket.socket();
      UnixSocket.connect(fd, daemon.socket());
      Descriptor.close(fd);
    }
  }

  private static Daemon start(Path socket) throws IOException {
    return Daemon.start(DaemonOptions.of(socket, LIMIT_BYTES));
  }
}
