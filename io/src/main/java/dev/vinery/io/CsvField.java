package dev.vinery.io;

/// What a column is told of the rows that it reads its values from. Immutable.
///
/// @param column from 0
/// @param columnName for messages
/// @param fileName for messages
record CsvField(int column, String columnName, String fileName, CsvDialect dialect) {
  /// The value of a field without quotes, and without the blanks around it.
  String stripped(byte[] bytes, int start, int end) {
    return CsvText.value(bytes, start, end, dialect).strip();
  }

  /// Whether a field stands for nothing. What is in quotes never does.
  boolean isMissing(byte[] bytes, int start, int end) {
    if (end > start && dialect.hasQuote() && bytes[start] == dialect.quote()) {
      return false;
    }
    return CsvText.isMissing(bytes, start, end)
        || CsvText.MISSING.contains(CsvText.value(bytes, start, end, dialect).strip());
  }

  BadRowException wrong(TextBlock block, int start, int end, CsvType type) {
    return new BadRowException(
        fileName,
        block.offset() + start,
        "column '%s' holds %s, but here is '%s'; column_types can say otherwise"
            .formatted(columnName, type.title(), CsvText.shown(block.bytes(), start, end)));
  }

  BadRowException notText(TextBlock block, int start) {
    return new BadRowException(
        fileName,
        block.offset() + start,
        "column '%s' is not text in UTF-8; say which it is, for example encoding=latin1"
            .formatted(columnName));
  }
}
