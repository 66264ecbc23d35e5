package dev.vinery.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// A column of strings: their bytes, and where each begins. Confined to one thread.
final class TextColumn implements CsvColumn {
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final CsvField field;
  private final Scratch data = new Scratch();
  private final Scratch offsets = new Scratch();
  private final Presence presence = new Presence();
  private int count;
  private int dataBytes;

  TextColumn(CsvField field) {
    this.field = field;
  }

  @Override
  public void append(TextBlock block, CsvRows rows) throws BadRowException {
    int added = rows.rows();
    // A block has no more text than bytes, and words are written whole.
    MemorySegment to = data.ensure((long) dataBytes + block.length() + Long.BYTES, dataBytes);
    MemorySegment positions = offsets.ensure(4L * (count + added + 1), 4L * (count + 1));
    presence.ensure(count + added);
    positions.setAtIndex(ValueLayout.JAVA_INT, count, dataBytes);
    byte[] bytes = block.bytes();
    int[] ends = rows.ends();
    int stride = rows.stride();
    int at = field.column();
    boolean ascii = rows.ascii();
    byte quote = field.dialect().quote();
    for (int row = 0; row < added; row++, at += stride) {
      int start = ends[at] + 1;
      int end = ends[at + 1];
      if (start < end && bytes[start] == quote && field.dialect().hasQuote()) {
        copyQuoted(block, start, end, to);
      } else if (CsvText.isMissing(bytes, start, end)) {
        presence.miss(count + row);
      } else {
        copy(bytes, start, end, to);
      }
      if (!ascii && !CsvText.isUtf8(bytes, start, end)) {
        throw field.notText(block, start);
      }
      positions.setAtIndex(ValueLayout.JAVA_INT, count + row + 1, dataBytes);
    }
    count += added;
  }

  private void copy(byte[] bytes, int start, int end, MemorySegment to) {
    int length = end - start;
    if (length <= 4 * Long.BYTES) {
      for (int i = 0; i < length; i += Long.BYTES) {
        to.set(WORD, dataBytes + i, (long) ByteSearch.LONGS.get(bytes, start + i));
      }
    } else {
      MemorySegment.copy(bytes, start, to, JAVA_BYTE, dataBytes, length);
    }
    dataBytes += length;
  }

  private void copyQuoted(TextBlock block, int start, int end, MemorySegment to) {
    byte[] bytes = block.bytes();
    byte quote = field.dialect().quote();
    int from = start + 1;
    int closing = end - 1;
    int next = ByteSearch.first(bytes, from, closing, quote);
    while (next < closing) { // a doubled one
      copy(bytes, from, next + 1, to);
      from = next + 2;
      next = ByteSearch.first(bytes, from, closing, quote);
    }
    copy(bytes, from, closing, to);
  }

  @Override
  public FieldVector vector(BufferAllocator allocator) {
    return CsvColumn.vector(
        field,
        CsvType.TEXT,
        allocator,
        count,
        presence.missing(),
        List.of(
            presence.buffer(allocator, count),
            offsets.buffer(allocator, count == 0 ? 0 : 4L * (count + 1)),
            data.buffer(allocator, dataBytes)));
  }

  @Override
  public void clear() {
    count = 0;
    dataBytes = 0;
    presence.clear();
  }

  @Override
  public void close() {
    data.close();
    offsets.close();
    presence.close();
  }
}
