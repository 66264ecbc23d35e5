package dev.vinery.cli;

import java.io.PrintStream;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// Writes what the project logs to the standard error stream, one line for an event.
///
/// A line is the time in UTC, the level, and the message. What was thrown is told by its message;
/// with its stack where a person must act or asked for details. Safe for use by several threads.
final class ConsoleLogger implements System.Logger {
  private static volatile Level threshold = Level.WARNING;

  private final String name;
  private final PrintStream out;

  ConsoleLogger(String name, PrintStream out) {
    this.name = name;
    this.out = out;
  }

  /// Sets the least severe level that is written, for all loggers.
  static void threshold(Level level) {
    threshold = level;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    return level != Level.OFF && level.compareTo(threshold) >= 0;
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    if (!isLoggable(level)) {
      return;
    }
    var line = new StringBuilder();
    line.append(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    line.append(' ').append(level).append(' ').append(message);
    if (thrown != null) {
      line.append(": ").append(thrown);
    }
    // One call for all, so that lines of two threads do not mix.
    out.println(oneLine(line));
    if (thrown != null && (level == Level.ERROR || threshold.compareTo(Level.DEBUG) <= 0)) {
      thrown.printStackTrace(out);
    }
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... parameters) {
    if (isLoggable(level)) {
      log(level, bundle, filledIn(format, parameters), (Throwable) null);
    }
  }

  /// Numbers stay as they are: a process id has no thousands.
  private static @Nullable String filledIn(
      @Nullable String format, @Nullable Object @Nullable [] parameters) {
    if (format == null || parameters == null || parameters.length == 0) {
      return format;
    }
    return MessageFormat.format(format, Arrays.stream(parameters).map(String::valueOf).toArray());
  }

  /// What comes from outside may hold line breaks, and would forge lines.
  private static String oneLine(CharSequence text) {
    return text.toString().replace('\r', ' ').replace('\n', ' ');
  }
}
