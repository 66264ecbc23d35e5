package dev.vinery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Where a command prints, and what it knows of who reads that. Confined to one thread.
///
/// @param out for results
/// @param err for errors, warnings and progress
/// @param environment variables of the process
/// @param outIsTerminal whether a person sees `out`, rather than a file or a program
/// @param errIsTerminal the same for `err`
record Console(
    PrintWriter out,
    PrintWriter err,
    Map<String, String> environment,
    boolean outIsTerminal,
    boolean errIsTerminal) {
  private static final int DEFAULT_COLUMNS = 80;

  Console {
    environment = Map.copyOf(environment);
  }

  /// The console of this process.
  static Console ofProcess() {
    return new Console(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        System.getenv(),
        isTerminal("1"),
        isTerminal("2"));
  }

  /// How many columns a line has, or `Integer.MAX_VALUE` where lines are as long as they like.
  int columns() {
    if (!outIsTerminal) {
      return Integer.MAX_VALUE;
    }
    int columns = number(environment.getOrDefault("COLUMNS", ""));
    columns = columns > 0 ? columns : terminalColumns();
    return columns > 0 ? columns : DEFAULT_COLUMNS;
  }

  /// Whether somebody wants to see where an error comes from.
  boolean debug() {
    return "1".equals(environment.get("VINERY_DEBUG"));
  }

  private static boolean isTerminal(String descriptor) {
    try {
      Path file = Files.readSymbolicLink(Path.of("/proc/self/fd", descriptor));
      return file.startsWith("/dev/pts") || file.toString().startsWith("/dev/tty");
    } catch (IOException unknown) {
      return false;
    }
  }

  /// Asks the terminal, whose answer is `ROWS COLUMNS`; 0 if it does not tell.
  private static int terminalColumns() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Path.of("/dev/tty").toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      stty.waitFor(1, TimeUnit.SECONDS);
      return number(answer.substring(answer.indexOf(' ') + 1).strip());
    } catch (IOException unknown) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
