package dev.vinery.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;

/// A column of whole numbers. Confined to one thread.
final class WholeColumn extends FixedColumn {
  private final long min;
  private final long max;

  WholeColumn(CsvType type, CsvField field) {
    super(type, field);
    this.max = Long.MAX_VALUE >> (Long.SIZE - 8 * type.sizeBytes());
    this.min = -max - 1;
  }

  @Override
  public void append(TextBlock block, CsvRows rows) throws BadRowException {
    int added = rows.rows();
    MemorySegment to = grow(added);
    byte[] bytes = block.bytes();
    int[] ends = rows.ends();
    int stride = rows.stride();
    int at = field.column();
    for (int row = 0; row < added; row++, at += stride) {
      int start = ends[at] + 1;
      int end = ends[at + 1];
      long value = CsvNumbers.quickWhole(bytes, start, end);
      if (value < min || value > max || value == CsvNumbers.GIVEN_UP) {
        value = slowly(block, start, end, count + row);
      }
      set(to, count + row, value);
    }
    count += added;
  }

  private void set(MemorySegment to, int index, long value) {
    switch (type.sizeBytes()) {
      case Long.BYTES -> to.setAtIndex(ValueLayout.JAVA_LONG, index, value);
      case Integer.BYTES -> to.setAtIndex(ValueLayout.JAVA_INT, index, (int) value);
      case Short.BYTES -> to.setAtIndex(ValueLayout.JAVA_SHORT, index, (short) value);
      default -> to.set(ValueLayout.JAVA_BYTE, index, (byte) value);
    }
  }

  private long slowly(TextBlock block, int start, int end, int index) throws BadRowException {
    if (field.isMissing(block.bytes(), start, end)) {
      presence.miss(index);
      return 0;
    }
    OptionalLong value = CsvNumbers.whole(field.stripped(block.bytes(), start, end));
    if (value.isEmpty() || value.getAsLong() < min || value.getAsLong() > max) {
      throw field.wrong(block, start, end, type);
    }
    return value.getAsLong();
  }
}
