package dev.vinery.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// One file of CSV, and where rows begin in it. Safe for use by several threads.
final class CsvFile {
  /// Columns of one file.
  private static final int MAX_COLUMNS = 100_000;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /// Rows that are looked at to find out what the columns hold, in bytes.
  private static final int SAMPLE_BYTES = 192 << 10;

  private final TextFile text;
  private final CsvSettings settings;
  private final boolean header;

  /// What stands at its beginning, without the sample; unknown before somebody asked.
  private @Nullable Head known;

  /// Where rows are known to begin: the first that begins at a key or behind it.
  private final NavigableMap<Long, Long> rowStarts = new TreeMap<>();

  /// @param header whether its first row names the columns
  CsvFile(TextFile text, CsvSettings settings, boolean header) {
    this.text = text;
    this.settings = settings;
    this.header = header;
  }

  TextFile text() {
    return text;
  }

  /// What stands at the beginning of a file.
  ///
  /// @param names of the columns
  /// @param dataOffset where the first row of values begins, in bytes of the text
  /// @param sample the first rows of values
  private record Head(List<String> names, long dataOffset, TextBlock sample) {}

  /// Whether there is anything in it.
  boolean isEmpty() throws IOException {
    if (text.isPlain()) {
      return text.file().sizeBytes() == 0;
    }
    try (TextBlocks blocks = blocksFrom(0, Long.MAX_VALUE, _ -> {})) {
      return !blocks.next(new TextBlock());
    }
  }

  private synchronized Head head() throws IOException {
    Head head = known;
    return head == null ? head(1) : head;
  }

  /// Reads the first rows.
  ///
  /// @param sampleBytes how much text the sample has at least, if there is so much
  private synchronized Head head(int sampleBytes) throws IOException {
    Head head = read(sampleBytes);
    known = new Head(head.names(), head.dataOffset(), new TextBlock());
    return head;
  }

  private Head read(int sampleBytes) throws IOException {
    var sample = new TextBlock();
    try (TextBlocks blocks = blocksFrom(0, Long.MAX_VALUE, _ -> {})) {
      var block = new TextBlock();
      int length = 0;
      while (length < sampleBytes && blocks.next(block)) {
        sample.ensure(length + block.length());
        System.arraycopy(block.bytes(), 0, sample.bytes(), length, block.length());
        length += block.length();
      }
      sample.be(0, length);
    }
    int begin = firstRow(sample);
    int end =
        new RowEnds(settings.dialect())
            .firstFrom(sample.bytes(), begin, sample.length(), begin + 1);
    if (end < 0) {
      throw wrong(begin, begin == sample.length() ? "it is empty" : "a quote is never closed");
    }
    List<String> fields = fields(sample, begin, end);
    if (!header) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < fields.size(); i++) {
        names.add("f" + i);
      }
      return new Head(names, begin, sample);
    }
    requireNames(fields, begin);
    return new Head(fields, end, sample);
  }

  /// The first row that is not blank.
  private static int firstRow(TextBlock sample) {
    byte[] bytes = sample.bytes();
    int at = 0;
    boolean marked = sample.length() >= BYTE_ORDER_MARK.length;
    for (int i = 0; marked && i < BYTE_ORDER_MARK.length; i++) {
      marked = bytes[i] == BYTE_ORDER_MARK[i];
    }
    if (marked) {
      at = BYTE_ORDER_MARK.length;
    }
    while (at < sample.length() && (bytes[at] == '\n' || bytes[at] == '\r')) {
      at++;
    }
    return at;
  }

  private List<String> fields(TextBlock sample, int begin, int end) throws IOException {
    List<String> fields = new ArrayList<>();
    byte[] bytes = sample.bytes();
    CsvDialect dialect = settings.dialect();
    int start = begin;
    boolean inQuotes = false;
    for (int i = begin; i < end; i++) {
      boolean atEnd = i == end - 1;
      if (dialect.hasQuote() && bytes[i] == dialect.quote() && (inQuotes || i == start)) {
        inQuotes = !inQuotes || bytes[i + 1] == dialect.quote();
        i += inQuotes && i > start ? 1 : 0;
      } else if (atEnd || (!inQuotes && bytes[i] == dialect.delimiter())) {
        int stop = atEnd && i > start && bytes[i - 1] == '\r' ? i - 1 : i;
        if (!CsvText.isUtf8(bytes, start, stop)) {
          throw wrong(
              start, "it is not text in UTF-8; say which it is, for example encoding=latin1");
        }
        fields.add(CsvText.value(bytes, start, stop, dialect));
        start = i + 1;
      }
    }
    if (fields.size() > MAX_COLUMNS) {
      throw wrong(
          begin, "%d columns, at most %d can be read".formatted(fields.size(), MAX_COLUMNS));
    }
    return fields;
  }

  private void requireNames(List<String> names, int offset) throws IOException {
    var seen = new java.util.HashSet<String>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isBlank()) {
        throw wrong(offset, "column %d has no name".formatted(i + 1));
      }
      if (!seen.add(names.get(i))) {
        throw wrong(offset, "two columns are named '%s'".formatted(names.get(i)));
      }
    }
  }

  private IOException wrong(long offset, String reason) throws IOException {
    return located(new BadRowException(text.name(), offset, reason));
  }

  /// The same error, with the line where it is.
  IOException located(BadRowException e) throws IOException {
    return new IOException(
        "%s, line %d: %s".formatted(e.name(), text.line(e.offset()), e.reason()), e);
  }

  /// Finds out what the columns are.
  ///
  /// @throws IOException if it cannot be read, or its header is wrong
  /// @throws IllegalArgumentException if columns were asked for that there are not
  CsvSchema schema() throws IOException {
    Head head = head(SAMPLE_BYTES);
    int dataStart = (int) head.dataOffset();
    var block = new TextBlock();
    int length = head.sample().length() - dataStart;
    block.ensure(length);
    System.arraycopy(head.sample().bytes(), dataStart, block.bytes(), 0, length);
    block.be(dataStart, length);
    var rows = new CsvRows(settings.dialect(), head.names().size(), text.name());
    try {
      rows.read(block);
    } catch (BadRowException e) {
      // Whoever reads the rows will come upon it again; those before it tell what they can.
    }
    List<CsvSchema.Column> selected = CsvSchema.select(settings, head.names());
    return new CsvSchema(
        head.names().size(),
        new CsvInference(settings.dialect()).typed(selected, settings.types(), block, rows));
  }

  /// Makes sure that the header names the same columns as that of the first file.
  private void requireSame(Head head, List<String> expected) throws IOException {
    if (header && !head.names().equals(expected)) {
      throw wrong(
          0, "the columns are %s, in the first file they are %s".formatted(head.names(), expected));
    }
  }

  /// The names of its columns.
  List<String> names() throws IOException {
    return head().names();
  }

  /// Reads the rows that begin between two places.
  ///
  /// @param from in bytes of the text; rows begin at 0 with the first one of values
  /// @param to in bytes of the text
  /// @param names that the header must have, if there is one
  TextBlocks blocks(long from, long to, List<String> names, LongConsumer bytesRead)
      throws IOException {
    long start = rowStart(from, names);
    if (from == 0 && text.isPlain()) {
      bytesRead.accept(start); // the header
    }
    return blocksFrom(start, to, bytesRead);
  }

  private TextBlocks blocksFrom(long start, long to, LongConsumer bytesRead) throws IOException {
    return new TextBlocks(text.open(start, bytesRead), settings.dialect(), text.name(), start, to);
  }

  /// Where the first row begins that does not begin before `target`. Reads on from the nearest
  /// place before it where that is known, because only the text before tells what is in quotes.
  private synchronized long rowStart(long target, List<String> names) throws IOException {
    if (rowStarts.isEmpty()) {
      Head head = head();
      requireSame(head, names);
      rowStarts.put(0L, head.dataOffset());
    }
    var known = rowStarts.floorEntry(target);
    if (known.getKey() == target || known.getValue() >= target) {
      return known.getValue();
    }
    try (TextBlocks before = blocksFrom(known.getValue(), target, _ -> {})) {
      long start = before.skip();
      rowStarts.put(target, start);
      return start;
    }
  }
}
