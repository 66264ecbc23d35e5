package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What runs with the official packages: scripts, and the official daemon.
final class PythonProcess {
  private static final Path SCRIPTS = Path.of("interop").toAbsolutePath();
  private static final Duration START_WAIT = Duration.ofSeconds(30);

  private PythonProcess() {}

  /// Runs a script of `interop` to its end, which must be a good one.
  ///
  /// @return what it printed, line by line
  static List<String> run(String script, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(interpreter(), SCRIPTS.resolve(script).toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as("exit status of %s, which printed: %s", script, output)
        .isZero();
    return output.lines().toList();
  }

  private static String interpreter() {
    return System.getProperty("vinery.python", "python3");
  }

  /// Starts the daemon of the package `vineyard-bdist`.
  static OfficialDaemon startDaemon(Path socket) throws IOException, InterruptedException {
    var find = "import os, vineyard.bdist as b; print(os.path.dirname(b.__file__))";
    Process finder = new ProcessBuilder(interpreter(), "-c", find).start();
    String folder =
        new String(finder.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(finder.waitFor()).isZero();
    Process process =
        new ProcessBuilder(
                folder + "/vineyardd",
                "--meta=local",
                "--size=256M",
                "--norpc",
                "--socket=" + socket)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    long start = System.nanoTime();
    while (!Files.exists(socket)) {
      assertThat(System.nanoTime() - start).isLessThan(START_WAIT.toNanos());
      Thread.onSpinWait();
    }
    return new OfficialDaemon(process);
  }

  /// A running official daemon. Asked to end, about one in ten of them never does.
  record OfficialDaemon(Process process) implements AutoCloseable {
    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
