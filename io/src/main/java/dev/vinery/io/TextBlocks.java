package dev.vinery.io;

import java.io.IOException;
import java.io.InputStream;

/// Cuts a text into blocks of whole rows. Confined to one thread.
///
/// The first blocks are short, so that the first rows are there at once; each is twice as long as
/// the one before, up to a length that fits into a processor's cache. Memory does not grow with the
/// text, only with its longest row.
final class TextBlocks implements AutoCloseable {
  /// Length of the first block, in bytes.
  static final int FIRST_BLOCK_BYTES = 64 << 10;

  /// Length of all but the first blocks, in bytes.
  static final int BLOCK_BYTES = 512 << 10;

  /// Length of the longest row, in bytes.
  static final int MAX_ROW_BYTES = 64 << 20;

  private final InputStream in;
  private final RowEnds rowEnds;
  private final String name;

  /// Where reading stops: rows that begin from here on belong to somebody else.
  private final long end;

  private byte[] rest = new byte[0];
  private long offset;
  private int blockBytes = FIRST_BLOCK_BYTES;
  private boolean finished;

  /// @param in begins with a row; closed with this
  /// @param name of the text, for messages
  /// @param offset of the first byte in the whole text
  /// @param end offset from which on rows are not read; `Long.MAX_VALUE` for all
  TextBlocks(InputStream in, CsvDialect dialect, String name, long offset, long end) {
    this.in = in;
    this.rowEnds = new RowEnds(dialect);
    this.name = name;
    this.offset = offset;
    this.end = end;
  }

  /// Reads the next rows.
  ///
  /// @return whether there were any
  /// @throws BadRowException if a row is too long
  boolean next(TextBlock block) throws IOException {
    if (finished || offset >= end) {
      return false;
    }
    int target = Math.max(blockBytes, rest.length);
    blockBytes = Math.min(2 * blockBytes, BLOCK_BYTES);
    block.ensure(target + 1); // a last row may lack its line feed
    System.arraycopy(rest, 0, block.bytes(), 0, rest.length);
    int length = rest.length;
    while (true) {
      length += in.readNBytes(block.bytes(), length, target - length);
      boolean atEnd = length < target;
      if (atEnd && length > 0 && block.bytes()[length - 1] != '\n') {
        block.bytes()[length++] = '\n';
      }
      int cut = cut(block.bytes(), length, atEnd);
      if (cut >= 0) {
        take(block, cut, length);
        finished |= atEnd;
        return cut > 0;
      }
      if (target >= MAX_ROW_BYTES) {
        throw new BadRowException(
            name,
            offset,
            "a row is longer than %d MiB: is a quote left open?".formatted(MAX_ROW_BYTES >> 20));
      }
      target = Math.min(2 * target, MAX_ROW_BYTES);
      block.ensure(target + 1);
    }
  }

  /// Where a block ends that begins with these bytes; -1 if more of them are needed.
  private int cut(byte[] bytes, int length, boolean atEnd) {
    if (offset + length >= end) {
      int last = rowEnds.firstFrom(bytes, 0, length, (int) (end - offset));
      if (last >= 0 || !atEnd) {
        finished |= last >= 0;
        return last;
      }
    }
    return atEnd ? length : rowEnds.last(bytes, 0, length);
  }

  private void take(TextBlock block, int cut, int length) {
    block.be(offset, cut);
    offset += cut;
    rest = new byte[length - cut];
    System.arraycopy(block.bytes(), cut, rest, 0, rest.length);
  }

  /// Passes over all rows that begin before the end.
  ///
  /// @return where the first row begins that was not passed over
  long skip() throws IOException {
    var block = new TextBlock();
    while (next(block)) {
      // Only its end matters.
    }
    return offset;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
