package dev.vinery.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.protocol.ConnectionException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said when no daemon is behind a path.
final class SocketPathTest {
  @TempDir private Path directory;
  private Path socket;

  @BeforeEach
  void chooseSocket() {
    socket = directory.resolve("s");
  }

  @Test
  void anAbsentDaemonIsSaidInOneLineWithWhatToDo() {
    assertThatThrownBy(() -> Vinery.connect(socket))
        .isInstanceOf(ConnectionException.class)
        .hasMessage(
            "no daemon listens at %s: start one with vineyardd --socket %s", socket, socket);
  }

  @Test
  void aFileThatIsNoSocketIsSaid() throws Exception {
    Files.writeString(socket, "text");

    assertThatThrownBy(() -> Vinery.connect(socket))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining(socket + " is no socket");
  }

  @Test
  void aPathThatIsTooLongIsSaid() {
    Path longPath = directory.resolve("x".repeat(200));

    assertThatThrownBy(() -> Vinery.connect(longPath))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("longer than 107 bytes")
        .hasMessageContaining("use a shorter path");
  }
}
