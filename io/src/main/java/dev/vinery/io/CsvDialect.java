package dev.vinery.io;

/// Which bytes separate and enclose the fields of a text. Immutable.
///
/// @param delimiter stands between two fields
/// @param quote encloses a field, within which it is doubled; none if it is [#NONE]
record CsvDialect(byte delimiter, byte quote) {
  /// No quote: every byte means itself.
  static final byte NONE = 0;

  boolean hasQuote() {
    return quote != NONE;
  }
}
