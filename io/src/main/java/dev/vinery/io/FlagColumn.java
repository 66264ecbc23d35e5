package dev.vinery.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/// A column of booleans, a bit for each. Confined to one thread.
final class FlagColumn extends FixedColumn {
  FlagColumn(CsvField field) {
    super(CsvType.BOOL, field);
  }

  @Override
  public void append(TextBlock block, CsvRows rows) throws BadRowException {
    int added = rows.rows();
    MemorySegment to = grow(added);
    for (int row = 0; row < added; row++) {
      int index = count + row;
      byte eight = (index & 7) == 0 ? 0 : to.get(JAVA_BYTE, index >> 3);
      int start = rows.start(row, field.column());
      int bit = value(block, start, rows.end(row, field.column()), index);
      to.set(JAVA_BYTE, index >> 3, (byte) (eight | bit << (index & 7)));
    }
    count += added;
  }

  private int value(TextBlock block, int start, int end, int index) throws BadRowException {
    if (field.isMissing(block.bytes(), start, end)) {
      presence.miss(index);
      return 0;
    }
    OptionalInt value = CsvNumbers.flag(field.stripped(block.bytes(), start, end));
    return value.orElseThrow(() -> field.wrong(block, start, end, type));
  }
}
