package dev.vinery.server;

import dev.vinery.protocol.ProtocolException;
import java.util.function.IntPredicate;

/// Shell wildcards as POSIX `fnmatch` takes them without flags: `*`, `?`, `[...]` with ranges and
/// classes such as `[:alpha:]`, and a backslash; nothing is special about slashes and leading dots.
/// A bracket that is never closed stands for itself.
///
/// Only the last `*` is ever taken up again, so matching costs at most the product of the lengths.
final class Wildcard {
  private final String pattern;
  private final String text;
  private final Steps steps;

  /// @param steps pays for every look at a character of the pattern
  Wildcard(String pattern, String text, Steps steps) {
    this.pattern = pattern;
    this.text = text;
    this.steps = steps;
  }

  static boolean matches(String pattern, String text) {
    return new Wildcard(pattern, text, new Steps()).matches();
  }

  /// @throws ProtocolException if the steps do not suffice
  boolean matches() {
    int p = 0;
    int t = 0;
    int afterStar = -1;
    int starText = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        afterStar = ++p;
        starText = t;
        continue;
      }
      int c = text.codePointAt(t);
      int next = matchOne(p, c);
      if (next >= 0) {
        p = next;
        t += Character.charCount(c);
      } else if (afterStar >= 0) {
        p = afterStar;
        starText += Character.charCount(text.codePointAt(starText));
        t = starText;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /// Matches one character.
  ///
  /// @return where the pattern goes on, or -1 if it does not match
  private int matchOne(int p, int c) {
    steps.take(1);
    if (p >= pattern.length()) {
      return -1;
    }
    return switch (pattern.charAt(p)) {
      case '?' -> p + 1;
      case '[' -> {
        var bracket = new Bracket(pattern, p + 1, c);
        steps.take(bracket.end() - p);
        if (!bracket.closed()) {
          yield c == '[' ? p + 1 : -1;
        }
        yield bracket.matches() ? bracket.end() : -1;
      }
      case '\\' -> p + 1 < pattern.length() ? matchLiteral(p + 1, c) : -1;
      default -> matchLiteral(p, c);
    };
  }

  private int matchLiteral(int p, int c) {
    int wanted = pattern.codePointAt(p);
    return wanted == c ? p + Character.charCount(wanted) : -1;
  }

  /// One `[...]`, read from behind its opening bracket, and whether it has a character.
  private static final class Bracket {
    private final String pattern;
    private final int wanted;
    private boolean found;
    private boolean negated;
    private boolean closed;
    private int next;

    Bracket(String pattern, int start, int wanted) {
      this.pattern = pattern;
      this.wanted = wanted;
      this.next = start;
      read();
    }

    boolean closed() {
      return closed;
    }

    boolean matches() {
      return found != negated;
    }

    /// Index behind the closing bracket.
    int end() {
      return next;
    }

    private void read() {
      if (at(next, '!') || at(next, '^')) {
        negated = true;
        next++;
      }
      int first = next;
      while (next < pattern.length()) {
        if (at(next, ']') && next > first) {
          next++;
          closed = true;
          return;
        }
        if (!readClass()) {
          readRange();
        }
      }
    }

    /// Reads `[:class:]`, if that is what comes next.
    private boolean readClass() {
      if (!at(next, '[') || !at(next + 1, ':')) {
        return false;
      }
      int end = pattern.indexOf(":]", next + 2);
      if (end < 0) {
        return false;
      }
      IntPredicate set = CharacterSet.ofName(pattern.substring(next + 2, end));
      found |= set != null && set.test(wanted);
      next = end + 2;
      return true;
    }

    private void readRange() {
      int low = readElement();
      int high = low;
      if (at(next, '-') && next + 1 < pattern.length() && !at(next + 1, ']')) {
        next++;
        high = readElement();
      }
      found |= low <= wanted && wanted <= high;
    }

    /// Reads one character, which may be written as itself, behind a backslash, or as `[.x.]` or
    /// `[=x=]`.
    private int readElement() {
      if (at(next, '\\') && next + 1 < pattern.length()) {
        next++;
      } else if (at(next, '[') && (at(next + 1, '.') || at(next + 1, '='))) {
        char mark = pattern.charAt(next + 1);
        int end = next + 2 + characterLength(next + 2);
        if (at(end, mark) && at(end + 1, ']')) {
          int element = pattern.codePointAt(next + 2);
          next = end + 2;
          return element;
        }
      }
      int element = pattern.codePointAt(next);
      next += Character.charCount(element);
      return element;
    }

    private int characterLength(int index) {
      return index < pattern.length() ? Character.charCount(pattern.codePointAt(index)) : 0;
    }

    private boolean at(int index, char c) {
      return index < pattern.length() && pattern.charAt(index) == c;
    }
  }
}
