package dev.vinery.server;

import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Sets of characters that patterns know by name.
final class CharacterSet {
  private CharacterSet() {}

  /// The set of a POSIX class such as `alpha`, or null if there is none of that name.
  static @Nullable IntPredicate ofName(String name) {
    return switch (name) {
      case "alpha" -> Character::isLetter;
      case "digit" -> CharacterSet::isDigit;
      case "alnum" -> Character::isLetterOrDigit;
      case "upper" -> Character::isUpperCase;
      case "lower" -> Character::isLowerCase;
      case "space" -> Character::isWhitespace;
      case "blank" -> c -> c == ' ' || c == '\t';
      case "cntrl" -> Character::isISOControl;
      case "print" -> c -> !Character.isISOControl(c);
      case "graph" -> CharacterSet::isGraphic;
      case "punct" -> c -> isGraphic(c) && !Character.isLetterOrDigit(c);
      case "xdigit" -> c -> c < 128 && Character.digit(c, 16) >= 0;
      default -> null;
    };
  }

  /// The set that a backslash and a letter stand for in a regular expression, or null.
  static @Nullable IntPredicate ofEscape(int letter) {
    return switch (letter) {
      case 'd' -> CharacterSet::isDigit;
      case 'D' -> c -> !isDigit(c);
      case 's' -> Character::isWhitespace;
      case 'S' -> c -> !Character.isWhitespace(c);
      case 'w' -> CharacterSet::isWord;
      case 'W' -> c -> !isWord(c);
      default -> null;
    };
  }

  /// Whether a character belongs to a word in the sense of regular expressions.
  static boolean isWord(int c) {
    return c < 128 && (Character.isLetterOrDigit(c) || c == '_');
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isGraphic(int c) {
    return !Character.isISOControl(c) && !Character.isWhitespace(c);
  }
}
