package dev.vinery.io;

import java.util.ArrayList;
import java.util.List;

/// Finds out what the columns of a file hold from its first rows. Confined to one thread.
///
/// A column is of the first of these types that all its values in the sample have: `int64`,
/// `float64`, `bool`, `timestamp`, `string`. What is missing has every type; a column of which the
/// sample has nothing is text, so that whatever comes later fits.
final class CsvInference {
  private final CsvDialect dialect;
  private final CsvTimes times = new CsvTimes();

  CsvInference(CsvDialect dialect) {
    this.dialect = dialect;
  }

  /// @param columns whose types are not known yet
  /// @param given types by position, where they were said
  /// @throws IllegalArgumentException if one that was said does not exist
  List<CsvSchema.Column> typed(
      List<CsvSchema.Column> columns, List<String> given, TextBlock block, CsvRows rows) {
    List<CsvSchema.Column> typed = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      CsvSchema.Column column = columns.get(i);
      boolean said = i < given.size() && !given.get(i).isEmpty();
      CsvType type = said ? CsvType.of(given.get(i)) : type(column.index(), block, rows);
      typed.add(new CsvSchema.Column(column.index(), column.name(), type));
    }
    return typed;
  }

  private CsvType type(int column, TextBlock block, CsvRows rows) {
    CsvType all = null;
    for (int row = 0; row < rows.rows(); row++) {
      int start = rows.start(row, column);
      int end = rows.end(row, column);
      CsvType one = type(block.bytes(), start, end, column);
      if (one == null) {
        continue;
      }
      all = all == null ? one : both(all, one);
      if (all == CsvType.TEXT) {
        return all;
      }
    }
    return all == null ? CsvType.TEXT : all;
  }

  private static CsvType both(CsvType a, CsvType b) {
    if (a == b) {
      return a;
    }
    boolean numbers =
        (a == CsvType.INT64 || a == CsvType.FLOAT64)
            && (b == CsvType.INT64 || b == CsvType.FLOAT64);
    return numbers ? CsvType.FLOAT64 : CsvType.TEXT;
  }

  /// The narrowest type of a value; null if it is missing.
  private @org.jspecify.annotations.Nullable CsvType type(
      byte[] bytes, int start, int end, int column) {
    if (CsvNumbers.quickWhole(bytes, start, end) != CsvNumbers.GIVEN_UP) {
      return CsvType.INT64;
    }
    if (!Double.isNaN(CsvNumbers.quickReal(bytes, start, end))) {
      return CsvType.FLOAT64;
    }
    if (times.nanos(bytes, start, end) != CsvNumbers.GIVEN_UP) {
      return CsvType.TIMESTAMP;
    }
    var field = new CsvField(column, "", "", dialect);
    if (field.isMissing(bytes, start, end)) {
      return null;
    }
    byte[] stripped =
        field.stripped(bytes, start, end).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    String text = new String(stripped, java.nio.charset.StandardCharsets.UTF_8);
    if (CsvNumbers.whole(text).isPresent()) {
      return CsvType.INT64;
    }
    if (CsvNumbers.real(text).isPresent()) {
      return CsvType.FLOAT64;
    }
    if (CsvNumbers.flag(text).isPresent()) {
      return CsvType.BOOL;
    }
    return times.nanos(stripped, 0, stripped.length) != CsvNumbers.GIVEN_UP
        ? CsvType.TIMESTAMP
        : CsvType.TEXT;
  }
}
