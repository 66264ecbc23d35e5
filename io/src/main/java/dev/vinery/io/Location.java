package dev.vinery.io;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is to be opened: a URI, split at its scheme, with the options that stand behind a `#`.
/// Immutable.
///
/// ```
/// file:///data/trips.csv#header_row=true&delimiter=,
/// ```
///
/// A text without a scheme is a path, and so is what follows `file://`, be it absolute or not: `~`
/// and `$NAME` at its beginning mean what they mean to a shell. Within `file:` URIs `%20` and the
/// like are decoded.
///
/// @param scheme in lower case
/// @param path what follows `scheme://`, without the options
/// @param options by name, as they are written
public record Location(String scheme, String path, Map<String, String> options) {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(?://)?(.*)");

  /// Begins a path with the value of a variable.
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z_0-9]*)}|([A-Za-z_][A-Za-z_0-9]*))(.*)");

  public Location {
    options = Map.copyOf(options);
  }

  /// Takes a URI apart.
  ///
  /// @throws IllegalArgumentException if an option has no value, or is given twice
  public static Location parse(String uri) {
    return parse(uri, Map.of());
  }

  /// Takes a URI apart.
  ///
  /// @param more options, which win over those in the URI
  /// @throws IllegalArgumentException if an option has no value, or is given twice
  public static Location parse(String uri, Map<String, String> more) {
    int hash = uri.indexOf('#');
    String place = hash < 0 ? uri : uri.substring(0, hash);
    SequencedMap<String, String> options =
        hash < 0 ? new LinkedHashMap<>() : options(uri.substring(hash + 1));
    options.putAll(more);
    Matcher parts = SCHEME.matcher(place);
    if (!parts.matches()) {
      return new Location("file", expanded(place), options);
    }
    String scheme = parts.group(1).toLowerCase(Locale.ROOT);
    String path = parts.group(2);
    return new Location(scheme, scheme.equals("file") ? expanded(decoded(path)) : path, options);
  }

  private static SequencedMap<String, String> options(String text) {
    var options = new LinkedHashMap<String, String>();
    for (String option : text.split("[&#]", -1)) {
      int equals = option.indexOf('=');
      if (option.isEmpty()) {
        continue;
      }
      if (equals < 1) {
        throw new IllegalArgumentException(
            "option '" + option + "' has no value: write it as name=value");
      }
      String name = option.substring(0, equals);
      if (options.putIfAbsent(name, option.substring(equals + 1)) != null) {
        throw new IllegalArgumentException("option '" + name + "' is given twice");
      }
    }
    return options;
  }

  private static String decoded(String path) {
    return path.indexOf('%') < 0
        ? path
        : URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String expanded(String path) {
    if (path.equals("~") || path.startsWith("~/")) {
      return System.getProperty("user.home") + path.substring(1);
    }
    Matcher variable = VARIABLE.matcher(path);
    if (variable.matches()) {
      String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
      String value = System.getenv(name);
      return value == null ? path : value + variable.group(3);
    }
    return path;
  }

  /// The URI without its options.
  @Override
  public String toString() {
    return scheme.equals("file") ? path : scheme + "://" + path;
  }
}
