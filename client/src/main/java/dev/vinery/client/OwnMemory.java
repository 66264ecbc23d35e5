package dev.vinery.client;

import dev.vinery.posix.PosixException;
import dev.vinery.posix.PrivateMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Memory of this process for the bytes of a remote blob. Safe for use by several threads.
///
/// **Lifetime.** Memory stays valid for as long as anything refers to it: who has kept a segment
/// too long reads zeros, and never somebody else's memory. Its pages, where they are many, go back
/// to the system as soon as the last hold ends. Holds are counted, beginning with that of the
/// maker.
///
/// **Forgotten memory.** The garbage collector knows nothing of pages. So it is called when more is
/// held than the Java heap may grow to, as the JDK does for its own memory outside the heap. Unlike
/// there, memory is never refused for that reason.
final class OwnMemory {
  /// From this length on memory is mapped apart, which costs a system call and whole pages.
  private static final long MAPPED_MIN_BYTES = 256 << 10;

  private static final long ALIGNMENT_BYTES = 64;

  /// How many times a collection is waited for, a millisecond longer each time.
  private static final int COLLECTIONS_AWAITED = 9;

  private static final long UNCOLLECTED_MAX_BYTES = Runtime.getRuntime().maxMemory();
  private static final AtomicLong MAPPED_BYTES = new AtomicLong();

  private final MemorySegment segment;
  private final boolean mapped;
  private final AtomicInteger holds = new AtomicInteger(1);

  private OwnMemory(MemorySegment segment, boolean mapped) {
    this.segment = segment;
    this.mapped = mapped;
  }

  /// Takes memory, aligned to 64 bytes; whoever asked calls [#letGo] once.
  ///
  /// @param sizeBytes at least 0
  /// @throws OutOfMemoryError if this host has none left
  static OwnMemory allocate(long sizeBytes) {
    if (sizeBytes < MAPPED_MIN_BYTES) {
      return new OwnMemory(Arena.ofAuto().allocate(sizeBytes, ALIGNMENT_BYTES), false);
    }
    collectForgotten(sizeBytes);
    try {
      MemorySegment segment = PrivateMemory.map(sizeBytes, Arena.ofAuto());
      MAPPED_BYTES.addAndGet(sizeBytes);
      return new OwnMemory(segment, true);
    } catch (PosixException e) {
      throw new OutOfMemoryError(
          "no memory here for a blob of " + sizeBytes + " bytes: " + e.getMessage());
    }
  }

  private static void collectForgotten(long sizeBytes) {
    for (int i = 0; i < COLLECTIONS_AWAITED; i++) {
      if (MAPPED_BYTES.get() + sizeBytes <= UNCOLLECTED_MAX_BYTES) {
        return;
      }
      if (i == 0) {
        System.gc();
      }
      try {
        Thread.sleep(i);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /// How many bytes are mapped and held, in the whole process.
  static long mappedBytes() {
    return MAPPED_BYTES.get();
  }

  MemorySegment segment() {
    return segment;
  }

  /// Counts one more hold, which [#letGo] ends.
  void hold() {
    holds.incrementAndGet();
  }

  void letGo() {
    if (holds.decrementAndGet() == 0 && mapped) {
      MAPPED_BYTES.addAndGet(-segment.byteSize());
      try {
        PrivateMemory.discard(segment);
      } catch (PosixException impossible) {
        throw new AssertionError("pages of a whole mapping can always be given back", impossible);
      }
    }
  }
}
