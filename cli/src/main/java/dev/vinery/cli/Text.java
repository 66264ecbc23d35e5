package dev.vinery.cli;

/// Texts that others wrote, fit for a terminal.
final class Text {
  private static final String ELLIPSIS = "…";

  private static final int ZERO_WIDTH_JOINER = 0x200D;

  /// First and last characters of the blocks that are as wide as two letters: those that East Asian
  /// scripts write in a square, and pictures.
  ///
  /// Source: Unicode Standard Annex 11, the classes Wide and Fullwidth, by block.
  private static final int[] WIDE = {
    0x1100, 0x115F, // Hangul initial consonants
    0x2E80, 0x303E, // Han radicals, punctuation
    0x3041, 0xA4CF, // Kana, Han, Yi
    0xA960, 0xA97F, // Hangul, old
    0xAC00, 0xD7A3, // Hangul syllables
    0xF900, 0xFAFF, // Han, for compatibility
    0xFE30, 0xFE6F, // vertical and small forms
    0xFF01, 0xFF60, // Latin in full width
    0xFFE0, 0xFFE6, // currencies in full width
    0x1F300, 0x1F64F, // pictures
    0x1F680, 0x1F6FF, // vehicles
    0x1F900, 0x1F9FF, // more pictures
    0x20000, 0x3FFFD // Han, rare
  };

  private Text() {}

  /// Replaces what would move the cursor, end the line or colour the screen: names and values come
  /// from everybody who may connect.
  static String harmless(String text) {
    if (text.codePoints().noneMatch(Text::isHarmful)) {
      return text;
    }
    var safe = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '\n' -> safe.append("\\n");
            case '\r' -> safe.append("\\r");
            case '\t' -> safe.append("\\t");
            default -> {
              if (isHarmful(c)) {
                safe.append("\\u%04x".formatted(c));
              } else {
                safe.appendCodePoint(c);
              }
            }
          }
        });
    return safe.toString();
  }

  private static boolean isHarmful(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      case Character.FORMAT -> codePoint != ZERO_WIDTH_JOINER;
      case Character.SURROGATE -> true; // alone: no character
      default -> false;
    };
  }

  /// How many columns of a terminal a harmless text takes.
  static int columns(String text) {
    return text.codePoints().map(Text::columns).sum();
  }

  private static int columns(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(codePoint) ? 2 : 1;
    };
  }

  private static boolean isWide(int codePoint) {
    for (int i = 0; i < WIDE.length; i += 2) {
      if (codePoint >= WIDE[i] && codePoint <= WIDE[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /// Cuts a text so that it takes at most so many columns, and shows that it was cut.
  ///
  /// @param columns at least 1
  static String cut(String text, int columns) {
    if (columns(text) <= columns) {
      return text;
    }
    var kept = new StringBuilder();
    int left = columns - 1;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      left -= columns(c);
      if (left < 0) {
        break;
      }
      kept.appendCodePoint(c);
      i += Character.charCount(c);
    }
    return kept + ELLIPSIS;
  }
}
