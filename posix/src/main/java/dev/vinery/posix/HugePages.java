package dev.vinery.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/// Pages of memory files that a processor maps by one entry, of [#SIZE_BYTES] each.
///
/// The kernel makes them when it is told to, whatever its setting of huge pages for memory files
/// is, `deny` aside: taking and zeroing one costs a tenth of what its 512 small pages cost. Who
/// writes them through a mapping from [SharedMemory#mapAligned] waits for one page fault each. Safe
/// for use by several threads.
public final class HugePages {
  /// Length of a huge page of x86-64, and of aarch64 with small pages of 4 KiB. Where they have
  /// another length, there are none for us.
  public static final long SIZE_BYTES = 2L << 20;

  private static final int MADV_COLLAPSE = 25; // asm-generic/mman-common.h

  private HugePages() {}

  /// Tries to make one.
  ///
  /// @return whether this kernel makes huge pages of memory files
  public static boolean available() throws PosixException {
    int fd = SharedMemory.memfdCreate("vinery-probe");
    try (var arena = Arena.ofConfined()) {
      SharedMemory.truncate(fd, SIZE_BYTES);
      return make(SharedMemory.mapAligned(fd, SIZE_BYTES, SIZE_BYTES, true, arena), 0);
    } finally {
      Descriptor.close(fd);
    }
  }

  /// Makes one huge page in the place of the small ones of a range, present or not. Its bytes stay
  /// as they are. Takes some 100 microseconds, and many times as long if the host of a virtual
  /// machine has to find the memory first.
  ///
  /// @param mapping what [SharedMemory#mapAligned] returned, writable, at a multiple of
  ///   [#SIZE_BYTES]
  /// @param offset a multiple of [#SIZE_BYTES]; the range ends inside the mapping
  /// @return false if the kernel cannot make one, or has none to give now
  /// @throws PosixException if the range cannot be written, with `EFAULT` among others
  public static boolean make(MemorySegment mapping, long offset) throws PosixException {
    SharedMemory.populate(mapping, offset, 1); // the kernel passes over what is empty
    long pointer = Native.pointer(mapping, offset, SIZE_BYTES);
    try {
      SharedMemory.advise(pointer, SIZE_BYTES, MADV_COLLAPSE);
      return true;
    } catch (PosixException e) {
      return switch (e.errno()) {
        case Errno.EAGAIN, Errno.EBUSY, Errno.EINVAL, Errno.ENOMEM -> false;
        default -> throw e;
      };
    } finally {
      Reference.reachabilityFence(mapping);
    }
  }
}
