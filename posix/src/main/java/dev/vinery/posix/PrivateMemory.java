package dev.vinery.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/// Memory that only this process maps. One method is one system call, repeated only if a signal
/// interrupts it. Safe for use by several threads.
public final class PrivateMemory {
  private static final int MAP_PRIVATE = 0x2; // asm-generic/mman-common.h
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MADV_DONTNEED = 4;
  private static final int NO_FD = -1;

  private PrivateMemory() {}

  /// Maps memory that is zero and taken page by page when it is first touched. It ends with the
  /// arena.
  ///
  /// @param sizeBytes at least 1
  /// @throws PosixException with `ENOMEM` if there is none
  public static MemorySegment map(long sizeBytes, Arena arena) throws PosixException {
    return SharedMemory.map(NO_FD, sizeBytes, true, MAP_PRIVATE | MAP_ANONYMOUS, arena);
  }

  /// Gives the pages back to the system. The memory stays mapped; its bytes become zero.
  ///
  /// @param mapping what [#map] returned
  public static void discard(MemorySegment mapping) throws PosixException {
    try {
      SharedMemory.advise(mapping.address(), mapping.byteSize(), MADV_DONTNEED);
    } finally {
      Reference.reachabilityFence(mapping);
    }
  }
}
