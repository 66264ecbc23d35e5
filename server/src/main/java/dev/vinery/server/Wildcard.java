package dev.vinery.server;

/// Shell wildcards as POSIX `fnmatch` takes them without flags: `*`, `?`, `[...]` and a backslash;
/// nothing is special about slashes and leading dots.
///
/// Only the last `*` is ever taken up again, so matching costs at most the product of the lengths.
final class Wildcard {
  private final String pattern;
  private final String text;

  private Wildcard(String pattern, String text) {
    this.pattern = pattern;
    this.text = text;
  }

  static boolean matches(String pattern, String text) {
    return new Wildcard(pattern, text).matches();
  }

  private boolean matches() {
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
      int next = matchOne(p, text.charAt(t));
      if (next >= 0) {
        p = next;
        t++;
      } else if (afterStar >= 0) {
        p = afterStar;
        t = ++starText;
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
  private int matchOne(int p, char c) {
    if (p >= pattern.length()) {
      return -1;
    }
    char first = pattern.charAt(p);
    if (first == '?') {
      return p + 1;
    }
    if (first == '[') {
      int end = bracketEnd(p);
      if (end >= 0) {
        return inBracket(p, end, c) ? end + 1 : -1;
      }
    }
    if (first == '\\' && p + 1 < pattern.length()) {
      return pattern.charAt(p + 1) == c ? p + 2 : -1;
    }
    return first == c ? p + 1 : -1;
  }

  /// Finds the closing bracket; a bracket that is never closed stands for itself.
  private int bracketEnd(int open) {
    int i = open + 1;
    if (i < pattern.length() && isNegation(pattern.charAt(i))) {
      i++;
    }
    if (i < pattern.length() && pattern.charAt(i) == ']') {
      i++;
    }
    while (i < pattern.length() && pattern.charAt(i) != ']') {
      i += pattern.charAt(i) == '\\' ? 2 : 1;
    }
    return i < pattern.length() ? i : -1;
  }

  private boolean inBracket(int open, int end, char c) {
    int i = open + 1;
    boolean negated = isNegation(pattern.charAt(i));
    if (negated) {
      i++;
    }
    boolean found = false;
    while (i < end) {
      if (pattern.charAt(i) == '\\' && i + 1 < end) {
        i++;
      }
      char low = pattern.charAt(i++);
      char high = low;
      if (i + 1 < end && pattern.charAt(i) == '-') {
        high = pattern.charAt(i + 1);
        i += 2;
      }
      found |= low <= c && c <= high;
    }
    return found != negated;
  }

  private static boolean isNegation(char c) {
    return c == '!' || c == '^';
  }
}
