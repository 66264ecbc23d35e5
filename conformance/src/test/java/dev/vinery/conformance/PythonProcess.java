package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Scripts of `interop`, run with the official packages.
final class PythonProcess {
  private static final Path SCRIPTS = Path.of("interop").toAbsolutePath();

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
    builder.environment().put("PYTHONPATH", SCRIPTS.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as("exit status of %s, which printed: %s", script, output)
        .isZero();
    return output.lines().toList();
  }

  /// The program of the environment in which the official packages are.
  static String interpreter() {
    return System.getProperty("vinery.python", "python3");
  }
}
