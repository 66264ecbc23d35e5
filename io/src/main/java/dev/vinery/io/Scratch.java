package dev.vinery.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;

/// Native memory that grows, and is written again and again, so that it stays in the processor's
/// caches and its pages stay present. Confined to one thread.
final class Scratch implements AutoCloseable {
  /// Alignment that Arrow asks for, in bytes.
  private static final long ALIGNMENT_BYTES = 64;

  private static final long FIRST_BYTES = 64 << 10;

  private Arena arena = Arena.ofConfined();
  private MemorySegment memory = MemorySegment.NULL;

  /// The memory, valid until more of it is asked for.
  MemorySegment memory() {
    return memory;
  }

  /// Makes sure that there are so many bytes.
  ///
  /// @param usedBytes how many of the first ones must stay, if there are so many
  /// @return the memory
  MemorySegment ensure(long sizeBytes, long usedBytes) {
    if (memory.byteSize() < sizeBytes) {
      Arena larger = Arena.ofConfined();
      MemorySegment grown =
          larger.allocate(
              Math.max(sizeBytes, Math.max(FIRST_BYTES, 2 * memory.byteSize())), ALIGNMENT_BYTES);
      MemorySegment.copy(memory, 0, grown, 0, Math.min(usedBytes, memory.byteSize()));
      arena.close();
      arena = larger;
      memory = grown;
    }
    return memory;
  }

  /// The first bytes as a buffer of Arrow. Nothing is copied: it is valid until more memory is
  /// asked for.
  ArrowBuf buffer(BufferAllocator allocator, long sizeBytes) {
    return sizeBytes == 0
        ? allocator.getEmpty()
        : allocator.wrapForeignAllocation(new Borrowed(memory.asSlice(0, sizeBytes)));
  }

  @Override
  public void close() {
    arena.close();
  }

  /// Memory that Arrow sees and does not own.
  private static final class Borrowed extends ForeignAllocation {
    private Borrowed(MemorySegment memory) {
      super(memory.byteSize(), memory.address());
    }

    @Override
    protected void release0() {
      // It belongs to the scratch memory.
    }
  }
}
