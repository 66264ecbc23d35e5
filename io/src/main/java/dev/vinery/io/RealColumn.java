package dev.vinery.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalDouble;

/// A column of floating-point numbers. What is missing is also not a number. Confined to one
/// thread.
final class RealColumn extends FixedColumn {
  RealColumn(CsvType type, CsvField field) {
    super(type, field);
  }

  @Override
  public void append(TextBlock block, CsvRows rows) throws BadRowException {
    int added = rows.rows();
    int width = type.sizeBytes();
    MemorySegment to = grow(added);
    byte[] bytes = block.bytes();
    int[] ends = rows.ends();
    int stride = rows.stride();
    int at = field.column();
    for (int row = 0; row < added; row++, at += stride) {
      int start = ends[at] + 1;
      int end = ends[at + 1];
      double value = CsvNumbers.quickReal(bytes, start, end);
      if (Double.isNaN(value)) {
        value = slowly(block, start, end, count + row);
      }
      if (width == Double.BYTES) {
        to.setAtIndex(ValueLayout.JAVA_DOUBLE, count + row, value);
      } else {
        to.setAtIndex(ValueLayout.JAVA_FLOAT, count + row, (float) value);
      }
    }
    count += added;
  }

  private double slowly(TextBlock block, int start, int end, int index) throws BadRowException {
    if (field.isMissing(block.bytes(), start, end)) {
      presence.miss(index);
      return Double.NaN;
    }
    OptionalDouble value = CsvNumbers.real(field.stripped(block.bytes(), start, end));
    return value.orElseThrow(() -> field.wrong(block, start, end, type));
  }
}
