package dev.vinery.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalInt;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// A column of booleans, a bit for each. Confined to one thread.
final class FlagColumn implements CsvColumn {
  private final CsvField field;
  private final Scratch values = new Scratch();
  private final Presence presence = new Presence();
  private int count;

  FlagColumn(CsvField field) {
    this.field = field;
  }

  @Override
  public void append(TextBlock block, CsvRows rows) throws BadRowException {
    int added = rows.rows();
    MemorySegment to = values.ensure((count + added + 7) / 8, (count + 7) / 8);
    presence.ensure(count + added);
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
    return value.orElseThrow(() -> field.wrong(block, start, end, CsvType.BOOL));
  }

  @Override
  public FieldVector vector(BufferAllocator allocator) {
    return CsvColumn.vector(
        field,
        CsvType.BOOL,
        allocator,
        count,
        presence.missing(),
        List.of(presence.buffer(allocator, count), values.buffer(allocator, (count + 7) / 8)));
  }

  @Override
  public void clear() {
    count = 0;
    presence.clear();
  }

  @Override
  public void close() {
    values.close();
    presence.close();
  }
}
