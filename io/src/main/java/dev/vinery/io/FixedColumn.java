package dev.vinery.io;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// A column whose values all take the same room: where they lie, and which of them are missing.
/// Confined to one thread.
abstract sealed class FixedColumn implements CsvColumn
    permits WholeColumn, RealColumn, FlagColumn, TimeColumn {
  final CsvType type;
  final CsvField field;
  final Presence presence = new Presence();
  private final Scratch values = new Scratch();

  /// How many values there are.
  int count;

  FixedColumn(CsvType type, CsvField field) {
    this.type = type;
    this.field = field;
  }

  /// Makes room for more values, and returns where all of them lie.
  final MemorySegment grow(int added) {
    presence.ensure(count + added);
    return values.ensure(sizeBytes(count + added), sizeBytes(count));
  }

  private long sizeBytes(int elements) {
    return type == CsvType.BOOL ? (elements + 7) / 8 : (long) elements * type.sizeBytes();
  }

  @Override
  public final FieldVector vector(BufferAllocator allocator) {
    return CsvColumn.vector(
        field,
        type,
        allocator,
        count,
        presence.missing(),
        List.of(presence.buffer(allocator, count), values.buffer(allocator, sizeBytes(count))));
  }

  @Override
  public final void clear() {
    count = 0;
    presence.clear();
  }

  @Override
  public final void close() {
    values.close();
    presence.close();
  }
}
