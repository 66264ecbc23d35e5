package dev.vinery.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// A bit for each value that is there, the lowest first, as Arrow keeps them. Confined to one
/// thread.
final class Presence implements AutoCloseable {
  private final Scratch bits = new Scratch();
  private int filledBytes;
  private int missing;

  /// Says that so many values may follow. They are there unless [#miss] says otherwise.
  void ensure(int values) {
    int sizeBytes = (values + 7) / 8;
    MemorySegment memory = bits.ensure(sizeBytes, filledBytes);
    if (filledBytes < sizeBytes) {
      int all = (int) Math.min(Integer.MAX_VALUE, memory.byteSize());
      memory.asSlice(filledBytes, all - filledBytes).fill((byte) -1);
      filledBytes = all;
    }
  }

  void miss(int value) {
    MemorySegment memory = bits.memory();
    byte eight = memory.get(JAVA_BYTE, value >> 3);
    memory.set(JAVA_BYTE, value >> 3, (byte) (eight & ~(1 << (value & 7))));
    missing++;
  }

  int missing() {
    return missing;
  }

  /// The bits of the first values.
  ArrowBuf buffer(BufferAllocator allocator, int values) {
    return bits.buffer(allocator, (values + 7) / 8);
  }

  void clear() {
    if (missing > 0) {
      filledBytes = 0;
      missing = 0;
    }
  }

  @Override
  public void close() {
    bits.close();
  }
}
