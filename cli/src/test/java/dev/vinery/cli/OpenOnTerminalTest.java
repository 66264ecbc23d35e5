package dev.vinery.cli;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a person at a terminal sees of `vinery open`, and what Ctrl-C leaves. The terminal is one
/// of `script`, which writes down all that is shown.
class OpenOnTerminalTest {
  private static final int MEMORY_BYTES = 256 << 20;

  @TempDir Path directory;
  private Daemon daemon;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    daemon = Daemon.start(DaemonOptions.of(directory.resolve("v.sock"), MEMORY_BYTES));
    client = Vinery.connect(daemon.socket());
  }

  @AfterEach
  void stop() {
    client.close();
    daemon.close();
  }

  private List<String> command(String... arguments) {
    List<String> all = new ArrayList<>(List.of("open"));
    all.addAll(List.of(arguments));
    all.add("--socket=" + daemon.socket());
    List<String> command = ThisJvm.command(VineryCommand.class, all);
    command.add(1, "--add-opens=java.base/java.nio=org.apache.arrow.memory.core");
    command.add(1, "--sun-misc-unsafe-memory-access=allow"); // or the JVM would warn
    return command;
  }

  /// A terminal that runs a command.
  private Process terminal(Path shown, List<String> command) throws IOException {
    String line =
        command.stream()
            .map(each -> "'" + each + "'")
            .collect(Collectors.joining(" ", "exec ", ""));
    return new ProcessBuilder("script", "--quiet", "--flush", "--command", line, shown.toString())
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static String text(Path shown) {
    try {
      return Files.exists(shown) ? Files.readString(shown) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path large() throws IOException {
    Path large = directory.resolve("large.csv");
    try (var out = Files.newBufferedWriter(large)) {
      for (int i = 0; i < 20_000_000; i++) {
        out.write(i + "," + i + "\n");
      }
    }
    return large;
  }

  @Test
  void rowsBytesSpeedAndTimeLeftAreShownOnATerminalAndNothingOnAPipe() throws Exception {
    Path large = large(); // longer than the memory, and nobody reads the stream: so it stays open
    Path shown = directory.resolve("shown");
    Process terminal = terminal(shown, command(large.toString()));
    try {
      eventually(
          DaemonProcess.PATIENCE,
          () ->
              assertThat(text(shown))
                  .containsPattern(
                      "reading .*large.csv: [0-9,]{7,} rows, [0-9.]+ MiB of [0-9.]+ MiB,"
                          + " [0-9]+ MB/s, .* left, .* so far"));
      interrupt(terminal);
    } finally {
      terminal.destroyForcibly();
    }
    client.streams().list().forEach(each -> client.streams().drop(each.id()));

    Path error = directory.resolve("error");
    Process piped =
        new ProcessBuilder(command(large.toString()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(error.toFile())
            .start();
    try {
      eventually(
          DaemonProcess.PATIENCE,
          () -> assertThat(client.status().memoryUsageBytes()).isGreaterThan(MEMORY_BYTES / 2));
    } finally {
      piped.destroy();
      piped.waitFor();
    }
    assertThat(text(error)).isEmpty();
  }

  @Test
  void interruptingLeavesNoHalfFrame() throws Exception {
    try (var endless = new EndlessRows()) {
      long before = client.status().memoryUsageBytes();
      Path shown = directory.resolve("shown");
      Process terminal = terminal(shown, command(endless.url(), "--accumulate"));
      try {
        eventually(
            DaemonProcess.PATIENCE,
            () -> assertThat(client.status().memoryUsageBytes()).isGreaterThan(before));
        interrupt(terminal);
        assertThat(terminal.waitFor(DaemonProcess.PATIENCE)).isTrue();
      } finally {
        terminal.destroyForcibly();
      }
      eventually(() -> assertThat(client.status().memoryUsageBytes()).isEqualTo(before));
      assertThat(client.list("**", Integer.MAX_VALUE)).isEmpty();
    }
  }

  /// What Ctrl-C does: a signal to the program that the terminal runs.
  private static void interrupt(Process terminal) throws Exception {
    ProcessHandle program = terminal.descendants().findFirst().orElseThrow();
    new ProcessBuilder("kill", "-INT", Long.toString(program.pid())).start().waitFor();
  }

  /// A web server with one file, of which there is always more.
  private static final class EndlessRows implements AutoCloseable {
    private static final byte[] ROWS = "12,34\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    EndlessRows() throws IOException {
      Thread.ofVirtual().start(this::accept);
    }

    String url() {
      return "http://127.0.0.1:" + server.getLocalPort() + "/endless.csv";
    }

    private void accept() {
      try {
        while (true) {
          Socket connection = server.accept();
          Thread.ofVirtual().start(() -> serve(connection));
        }
      } catch (IOException closed) {
        // Which is how this ends.
      }
    }

    private static void serve(Socket connection) {
      try (connection) {
        var in = connection.getInputStream();
        boolean head = in.read() == 'H';
        OutputStream out = connection.getOutputStream();
        out.write(
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        while (!head) {
          out.write(ROWS);
        }
      } catch (IOException gone) {
        // Nobody wants more.
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
