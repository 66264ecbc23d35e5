package dev.vinery.cli;

import dev.vinery.cli.Flag.Kind;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What the daemon's flags are set to. Immutable.
final class FlagValues {
  /// Values for the name of each that was given, checked against its kind. By name, because the
  /// hash of a record takes the JVM longer to put together than all flags to be read.
  private final Map<String, String> given;

  private FlagValues(Map<String, String> given) {
    this.given = given;
  }

  /// Whether a flag was given at all, if only with the value that it has anyway.
  boolean given(Flag flag) {
    return given.containsKey(flag.name());
  }

  /// Whether a flag was given with another value than the one that it has anyway.
  boolean changed(Flag flag) {
    return switch (flag.kind()) {
      case TEXT -> !text(flag).equals(flag.initial());
      case SWITCH -> on(flag) != parseSwitch(flag, flag.initial());
      case WHOLE -> whole(flag) != Long.parseLong(flag.initial());
      case NUMBER -> Double.parseDouble(text(flag)) != Double.parseDouble(flag.initial());
    };
  }

  String text(Flag flag) {
    return given.getOrDefault(flag.name(), flag.initial());
  }

  boolean on(Flag flag) {
    return parseSwitch(flag, text(flag));
  }

  long whole(Flag flag) {
    return Long.parseLong(text(flag));
  }

  private static boolean parseSwitch(Flag flag, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "1", "t", "true", "y", "yes" -> true;
      case "0", "f", "false", "n", "no" -> false;
      default ->
          throw new UsageException(
              "--%s is a switch: its value is true or false, not '%s'"
                  .formatted(flag.name(), text));
    };
  }

  /// Collects values; of two for one flag the later counts. Confined to one thread.
  static final class Builder {
    private final Map<String, String> given = new LinkedHashMap<>();

    /// @throws UsageException if the value is not of the flag's kind
    Builder put(Flag flag, String value) {
      check(flag, value);
      given.put(flag.name(), value);
      return this;
    }

    FlagValues build() {
      return new FlagValues(Map.copyOf(given));
    }

    private static void check(Flag flag, String value) {
      try {
        switch (flag.kind()) {
          case TEXT -> {}
          case SWITCH -> parseSwitch(flag, value);
          case WHOLE -> Long.parseLong(value);
          case NUMBER -> checkNumber(value);
        }
      } catch (NumberFormatException e) {
        String wanted = flag.kind() == Kind.WHOLE ? "a whole number" : "a number";
        throw new UsageException("--%s must be %s, not '%s'".formatted(flag.name(), wanted, value));
      }
    }

    private static void checkNumber(String value) {
      if (!Double.isFinite(Double.parseDouble(value))) {
        throw new NumberFormatException(value);
      }
    }
  }
}
