package dev.vinery.server;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.vinery.protocol.ProtocolException;
import java.util.function.Predicate;

/// A pattern that clients list objects and names by. Matching costs a bounded number of steps,
/// whatever the pattern; never done under the store lock. Confined to one thread.
final class TextPattern {
  /// Characters of a pattern. The parser of expressions recurses, so more would endanger its stack.
  static final int MAX_PATTERN_CHARS = 1024;

  private final Predicate<String> matcher;
  private final Steps steps;

  private TextPattern(Predicate<String> matcher, Steps steps) {
    this.matcher = matcher;
    this.steps = steps;
  }

  /// @param regex whether `pattern` is a regular expression in the syntax of RE2, which must match
  ///   the whole text, and not a shell wildcard; an invalid one matches nothing
  /// @throws ProtocolException if the pattern is too long
  static TextPattern of(String pattern, boolean regex) {
    if (pattern.length() > MAX_PATTERN_CHARS) {
      throw new ProtocolException(
          "a pattern may have %d characters, this one has %d"
              .formatted(MAX_PATTERN_CHARS, pattern.length()));
    }
    var steps = new Steps();
    return new TextPattern(
        regex ? expression(pattern) : text -> new Wildcard(pattern, text, steps).matches(), steps);
  }

  /// @throws ProtocolException if matching takes too many steps
  boolean matches(String text) {
    steps.add(text);
    return matcher.test(text);
  }

  /// RE2 takes each character of a text once, so no expression explodes.
  private static Predicate<String> expression(String pattern) {
    try {
      Pattern compiled = Pattern.compile(pattern);
      return compiled::matches;
    } catch (PatternSyntaxException invalid) {
      return _ -> false;
    }
  }
}
