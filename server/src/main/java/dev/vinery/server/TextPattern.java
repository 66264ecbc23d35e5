package dev.vinery.server;

import dev.vinery.protocol.ProtocolException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A pattern that clients list objects and names by. Matching costs a bounded number of steps,
/// whatever the pattern; never done under the store lock. Confined to one thread.
final class TextPattern {
  /// Characters of a pattern. The expression compiler recurses, so more would endanger its stack.
  static final int MAX_PATTERN_CHARS = 1024;

  /// Characters of one text that an expression looks at; longer texts do not match.
  static final int MAX_TEXT_CHARS = 4096;

  /// Looks at a character that all matches of one expression may take together, after which the
  /// request is refused: expressions can backtrack for years.
  static final long MAX_STEPS = 20_000_000;

  private final Predicate<String> matcher;

  private TextPattern(Predicate<String> matcher) {
    this.matcher = matcher;
  }

  /// @param regex whether `pattern` is a regular expression, which must match the whole text, and
  ///   not a shell wildcard; an invalid one matches nothing
  /// @throws ProtocolException if the pattern is too long
  static TextPattern of(String pattern, boolean regex) {
    if (pattern.length() > MAX_PATTERN_CHARS) {
      throw new ProtocolException(
          "a pattern may have %d characters, this one has %d"
              .formatted(MAX_PATTERN_CHARS, pattern.length()));
    }
    return new TextPattern(regex ? expression(pattern) : text -> Wildcard.matches(pattern, text));
  }

  /// @throws ProtocolException if the expression takes too many steps
  boolean matches(String text) {
    return matcher.test(text);
  }

  private static Predicate<String> expression(String pattern) {
    Pattern compiled;
    try {
      compiled = Pattern.compile(pattern);
    } catch (PatternSyntaxException invalid) {
      return _ -> false;
    }
    var steps = new Steps();
    return text ->
        text.length() <= MAX_TEXT_CHARS && compiled.matcher(new Counted(text, steps)).matches();
  }

  private static final class Steps {
    private long left = MAX_STEPS;
  }

  /// A text that counts how often it is looked at.
  private record Counted(String text, Steps steps) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--steps.left < 0) {
        throw new ProtocolException("the regular expression takes too many steps");
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.substring(start, end), steps);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
