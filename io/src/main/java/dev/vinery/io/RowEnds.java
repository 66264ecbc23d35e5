package dev.vinery.io;

/// Finds where rows end in a text, without looking at what is in them. A quote counts only where a
/// field begins, so that one in the middle of a field means itself. Immutable.
final class RowEnds {
  private static final byte LINE_FEED = '\n';

  private final CsvDialect dialect;

  RowEnds(CsvDialect dialect) {
    this.dialect = dialect;
  }

  /// The end of the last whole row.
  ///
  /// @param from where a row begins
  /// @return the index behind its line feed, or -1 if no row is whole
  int last(byte[] bytes, int from, int to) {
    int last = -1;
    int plain = from;
    while (true) {
      int opening = opening(bytes, from, plain, to);
      int lineFeed = ByteSearch.last(bytes, plain, opening, LINE_FEED);
      if (lineFeed >= 0) {
        last = lineFeed + 1;
      }
      if (opening == to) {
        return last;
      }
      plain = behindClosing(bytes, opening, to);
      if (plain < 0) {
        return last;
      }
    }
  }

  /// The first end of a row that is not before `least`.
  ///
  /// @param from where a row begins
  /// @return the index behind its line feed, or -1 if there is none
  int firstFrom(byte[] bytes, int from, int to, int least) {
    int plain = from;
    while (true) {
      int opening = opening(bytes, from, plain, to);
      int search = Math.max(plain, least - 1);
      if (search < opening) {
        int lineFeed = ByteSearch.first(bytes, search, opening, LINE_FEED);
        if (lineFeed < opening) {
          return lineFeed + 1;
        }
      }
      if (opening == to) {
        return -1;
      }
      plain = behindClosing(bytes, opening, to);
      if (plain < 0) {
        return -1;
      }
    }
  }

  /// Where the next quoted field begins, or `to`.
  ///
  /// @param begin where the first row begins
  private int opening(byte[] bytes, int begin, int from, int to) {
    if (!dialect.hasQuote()) {
      return to;
    }
    int quote = ByteSearch.first(bytes, from, to, dialect.quote());
    while (quote < to && quote != begin && !isFieldStart(bytes, quote)) {
      quote = ByteSearch.first(bytes, quote + 1, to, dialect.quote());
    }
    return quote;
  }

  private boolean isFieldStart(byte[] bytes, int index) {
    byte before = bytes[index - 1];
    return before == dialect.delimiter() || before == LINE_FEED;
  }

  /// The index behind a quoted field.
  ///
  /// @param opening where its first quote is
  /// @return -1 if its end is not among these bytes
  private int behindClosing(byte[] bytes, int opening, int to) {
    int quote = ByteSearch.first(bytes, opening + 1, to, dialect.quote());
    while (quote + 1 < to && bytes[quote + 1] == dialect.quote()) {
      quote = ByteSearch.first(bytes, quote + 2, to, dialect.quote());
    }
    return quote + 1 < to ? quote + 1 : -1;
  }
}
