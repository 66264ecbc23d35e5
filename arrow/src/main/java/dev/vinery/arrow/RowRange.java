package dev.vinery.arrow;

/// Rows of a file that follow each other. Immutable.
///
/// @param from index of the first row, at least 0
/// @param to index behind the last row; may be beyond the end of the file
public record RowRange(long from, long to) {
  /// All rows, however many there are.
  public static final RowRange ALL = new RowRange(0, Long.MAX_VALUE);

  public RowRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no rows are from %d to %d".formatted(from, to));
    }
  }

  /// Those of the rows that a file has.
  public RowRange within(long rowCount) {
    return new RowRange(Math.min(from, rowCount), Math.min(to, rowCount));
  }
}
