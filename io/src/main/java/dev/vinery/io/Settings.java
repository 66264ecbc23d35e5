package dev.vinery.io;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Options, each of which must be one that somebody knows. Confined to one thread.
final class Settings {
  private final Map<String, String> given;
  private final TreeSet<String> known = new TreeSet<>();

  Settings(Map<String, String> given) {
    this(given, Set.of());
  }

  /// @param others names of options that somebody else asks for
  Settings(Map<String, String> given, Set<String> others) {
    this.given = new LinkedHashMap<>(given);
    known.addAll(others);
  }

  Optional<String> text(String name) {
    known.add(name);
    return Optional.ofNullable(given.get(name));
  }

  String text(String name, String preset) {
    return text(name).orElse(preset);
  }

  /// @throws IllegalArgumentException if it is neither true nor false
  boolean flag(String name) {
    String value = text(name, "false");
    return switch (value.toLowerCase(java.util.Locale.ROOT)) {
      case "true", "1", "yes" -> true;
      case "false", "0", "no" -> false;
      default ->
          throw new IllegalArgumentException(
              "option '%s' must be true or false: %s".formatted(name, value));
    };
  }

  /// @throws IllegalArgumentException if it is no whole number in this range
  int number(String name, int preset, int min, int max) {
    Optional<String> value = text(name);
    if (value.isEmpty()) {
      return preset;
    }
    try {
      int number = Integer.parseInt(value.get());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      // Reported below.
    }
    throw new IllegalArgumentException(
        "option '%s' must be a whole number from %d to %d: %s"
            .formatted(name, min, max, value.get()));
  }

  /// One character of ASCII, which may be spelled `\t`.
  ///
  /// @throws IllegalArgumentException if it is something else
  byte character(String name, String preset) {
    String value = text(name, preset);
    String plain =
        switch (value) {
          case "\\t", "tab" -> "\t";
          case "space" -> " ";
          case "\\\\" -> "\\";
          default -> value;
        };
    if (plain.length() != 1 || plain.charAt(0) > '~' || plain.charAt(0) == '\n') {
      throw new IllegalArgumentException(
          "option '%s' must be one character of ASCII: '%s'".formatted(name, value));
    }
    return (byte) plain.charAt(0);
  }

  /// @throws IllegalArgumentException if an option was given that nobody asked for
  void requireAllKnown() {
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "there is no option '%s' here, only %s".formatted(name, String.join(", ", known)));
      }
    }
  }
}
