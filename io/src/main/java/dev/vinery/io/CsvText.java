package dev.vinery.io;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// What the bytes of single fields say.
final class CsvText {
  /// What stands for nothing, unless it is in quotes.
  static final Set<String> MISSING = Set.of("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None");

  /// Length of the longest word in [#MISSING], in bytes.
  private static final int LONGEST_MISSING = 4;

  /// Bytes of a value that messages show.
  private static final int SHOWN_BYTES = 40;

  private CsvText() {}

  /// Whether an unquoted field stands for nothing.
  static boolean isMissing(byte[] bytes, int start, int end) {
    return switch (end - start) {
      case 0 -> true;
      case 2 -> bytes[start] == 'N' && bytes[start + 1] == 'A';
      case 3, LONGEST_MISSING ->
          (bytes[start] == 'N' || bytes[start] == 'n')
              && MISSING.contains(new String(bytes, start, end - start, StandardCharsets.US_ASCII));
      default -> false;
    };
  }

  /// A part of a text, for people.
  static String shown(byte[] bytes, int start, int end) {
    int shown = Math.min(end, start + SHOWN_BYTES);
    String text = new String(bytes, start, shown - start, StandardCharsets.UTF_8);
    return text.strip() + (shown < end ? "…" : "");
  }

  /// Whether these bytes are text in UTF-8.
  static boolean isUtf8(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end && bytes[i] >= 0) {
      i++;
    }
    if (i == end) {
      return true; // ASCII, as most is
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, end - start));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /// What a field says, without its quotes.
  static String value(byte[] bytes, int start, int end, CsvDialect dialect) {
    boolean quoted = dialect.hasQuote() && end > start && bytes[start] == dialect.quote();
    if (!quoted) {
      return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }
    String quote = String.valueOf((char) dialect.quote());
    return new String(bytes, start + 1, end - start - 2, StandardCharsets.UTF_8)
        .replace(quote + quote, quote);
  }
}
