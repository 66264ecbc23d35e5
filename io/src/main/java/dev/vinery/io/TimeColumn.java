package dev.vinery.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// A column of dates and times, in nanoseconds since 1970. What is missing is also the number that
/// means it in NumPy. Confined to one thread.
final class TimeColumn extends FixedColumn {
  private final CsvTimes times = new CsvTimes();

  TimeColumn(CsvField field) {
    super(CsvType.TIMESTAMP, field);
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
      long value = times.nanos(bytes, start, end);
      if (value == CsvNumbers.GIVEN_UP) {
        value = slowly(block, start, end, count + row);
      }
      to.setAtIndex(ValueLayout.JAVA_LONG, count + row, value);
    }
    count += added;
  }

  private long slowly(TextBlock block, int start, int end, int index) throws BadRowException {
    if (field.isMissing(block.bytes(), start, end)) {
      presence.miss(index);
      return Long.MIN_VALUE;
    }
    byte[] text = field.stripped(block.bytes(), start, end).getBytes(StandardCharsets.UTF_8);
    long value = times.nanos(text, 0, text.length);
    if (value == CsvNumbers.GIVEN_UP) {
      throw field.wrong(block, start, end, type);
    }
    return value;
  }
}
