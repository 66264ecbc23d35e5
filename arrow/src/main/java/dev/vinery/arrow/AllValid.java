package dev.vinery.arrow;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Bits that are all set, which stand for the validity of arrays that have none: Arrow Java cannot
/// do without. All such arrays of the process share them. Safe for use by several threads.
final class AllValid {
  /// Bytes to begin with.
  private static final long MIN_BYTES = 1 << 16;

  private static volatile MemorySegment bits = MemorySegment.NULL;

  private AllValid() {}

  /// At least so many bytes of set bits, in memory that lives as long as it is reachable.
  static MemorySegment bytes(long sizeBytes) {
    MemorySegment present = bits;
    if (present.byteSize() < sizeBytes) {
      present = grow(sizeBytes);
    }
    return present.asSlice(0, sizeBytes);
  }

  private static synchronized MemorySegment grow(long sizeBytes) {
    if (bits.byteSize() < sizeBytes) {
      long room = Math.max(MIN_BYTES, Long.highestOneBit(sizeBytes - 1) << 1);
      bits = Arena.ofAuto().allocate(room, Long.BYTES).fill((byte) 0xFF);
    }
    return bits;
  }
}
