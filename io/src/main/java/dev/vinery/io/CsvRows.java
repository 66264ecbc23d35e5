package dev.vinery.io;

import java.util.Arrays;

/// Where the fields of a block of rows begin and end. Confined to one thread; used again and again.
///
/// The values are not looked at here: columns read them later, one column after the other, each in
/// a loop of its own.
final class CsvRows {
  private static final byte LINE_FEED = '\n';
  private static final byte CARRIAGE_RETURN = '\r';

  private final CsvDialect dialect;
  private final int columns;
  private final String name;

  /// For each row, the index before its first byte, then the end of each field. A field begins
  /// behind the end of the one before.
  private int[] ends = new int[0];

  private int rows;
  private boolean ascii;

  /// @param columns that every row has
  /// @param name of the text, for messages
  CsvRows(CsvDialect dialect, int columns, String name) {
    this.dialect = dialect;
    this.columns = columns;
    this.name = name;
  }

  int rows() {
    return rows;
  }

  /// Whether all bytes of the block are ASCII.
  boolean ascii() {
    return ascii;
  }

  /// How far two rows are apart in [#ends()].
  int stride() {
    return columns + 1;
  }

  /// See [#start(int, int)] and [#end(int, int)], which loops spell out.
  int[] ends() {
    return ends;
  }

  int start(int row, int column) {
    return ends[row * stride() + column] + 1;
  }

  int end(int row, int column) {
    return ends[row * stride() + column + 1];
  }

  /// Finds the fields of a block. Blank lines are passed over.
  ///
  /// @throws BadRowException if a row has too few or too many fields, or a quote is wrong; the rows
  ///   before it can be read
  void read(TextBlock block) throws BadRowException {
    byte[] bytes = block.bytes();
    int length = block.length();
    rows = 0;
    long delimiters = ByteSearch.repeated(dialect.delimiter());
    long lineFeeds = ByteSearch.repeated(LINE_FEED);
    long all = 0;
    int row = 0; // where the row begins in `ends`
    int fields = 0;
    ends = ensured(ends, stride());
    ends[0] = -1;
    int from = afterQuotes(block, 0);
    while (from < length) {
      int base = from;
      long word = (long) ByteSearch.LONGS.get(bytes, base);
      all |= word;
      long found = ByteSearch.matches(word, delimiters) | ByteSearch.matches(word, lineFeeds);
      from = base + Long.BYTES;
      while (found != 0) {
        int at = base + (Long.numberOfTrailingZeros(found) >>> 3);
        found &= found - 1;
        if (at >= length) {
          break;
        }
        if (++fields > columns) {
          throw tooMany(block, ends[row]);
        }
        ends[row + fields] = at;
        if (bytes[at] == LINE_FEED) {
          row = endRow(block, row, fields, at);
          fields = 0;
        }
        int next = afterQuotes(block, at + 1);
        if (next > at + 1) {
          all |= ~0L; // not looked at
          from = next;
          break;
        }
      }
    }
    ascii = (all & ByteSearch.TOP_BITS) == 0;
  }

  /// Enters a row that ends.
  ///
  /// @return where the next one begins in `ends`
  private int endRow(TextBlock block, int row, int fields, int at) throws BadRowException {
    int begin = ends[row] + 1;
    boolean withReturn = at > begin && block.bytes()[at - 1] == CARRIAGE_RETURN;
    int end = withReturn ? at - 1 : at;
    if (end == begin) {
      ends[row] = at; // blank
      return row;
    }
    if (fields < columns) {
      throw new BadRowException(
          name,
          block.offset() + begin,
          "%d %s where there are %d columns"
              .formatted(fields, fields == 1 ? "field" : "fields", columns));
    }
    ends[row + fields] = end;
    int next = row + stride();
    ends = ensured(ends, next + stride());
    ends[next] = at;
    rows++;
    return next;
  }

  private static int[] ensured(int[] array, int length) {
    return array.length >= length
        ? array
        : Arrays.copyOf(array, Math.max(length, 2 * array.length));
  }

  private BadRowException tooMany(TextBlock block, int before) {
    return new BadRowException(
        name, block.offset() + before + 1, "more fields than the %d columns".formatted(columns));
  }

  /// Passes over a field in quotes.
  ///
  /// @param from where a field begins
  /// @return the index behind its last quote, or `from` if it has none
  private int afterQuotes(TextBlock block, int from) throws BadRowException {
    byte quote = dialect.quote();
    byte[] bytes = block.bytes();
    int length = block.length();
    if (!dialect.hasQuote() || from >= length || bytes[from] != quote) {
      return from;
    }
    int closing = ByteSearch.first(bytes, from + 1, length, quote);
    while (closing + 1 < length && bytes[closing + 1] == quote) {
      closing = ByteSearch.first(bytes, closing + 2, length, quote);
    }
    if (closing >= length) {
      throw new BadRowException(name, block.offset() + from, "a quote is never closed");
    }
    byte next = bytes[closing + 1];
    if (next != dialect.delimiter() && next != LINE_FEED && next != CARRIAGE_RETURN) {
      throw new BadRowException(
          name,
          block.offset() + closing + 1,
          "a quoted field must end with its quote, but there is '%s' behind it"
              .formatted(CsvText.shown(bytes, closing + 1, closing + 2)));
    }
    return closing + 1;
  }
}
