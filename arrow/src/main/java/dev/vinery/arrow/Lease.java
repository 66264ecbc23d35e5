package dev.vinery.arrow;

import dev.vinery.client.VineryObject;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.jspecify.annotations.Nullable;

/// An object that stays open as long as Arrow buffers lie over its blobs. Safe for use by several
/// threads.
///
/// Every buffer counts, and whoever makes them, until he closes the lease. A buffer that is
/// forgotten keeps the object no longer either: then the garbage collector ends its hold.
final class Lease implements AutoCloseable {
  private final VineryObject object;
  private final BufferAllocator memory;
  private final AtomicInteger uses = new AtomicInteger(1);

  /// What stands for the validity of all arrays that have none. Confined to whoever makes buffers.
  private @Nullable ArrowBuf allValid;

  /// Takes over an object.
  ///
  /// @param memory what the buffers are accounted to
  Lease(VineryObject object, BufferAllocator memory) {
    this.object = object;
    this.memory = memory;
  }

  /// A buffer over memory of the object. Nothing is copied.
  ///
  /// @return a buffer, which the caller releases
  ArrowBuf buffer(MemorySegment part) {
    if (part.byteSize() == 0) {
      return memory.getEmpty();
    }
    return memory.wrapForeignAllocation(new Part(this, part));
  }

  /// A buffer of at least so many bytes of set bits. All of a lease lie over the same memory, and
  /// are accounted once.
  ///
  /// @return a buffer, which the caller releases
  ArrowBuf allValid(long sizeBytes) {
    if (sizeBytes == 0) {
      return memory.getEmpty();
    }
    ArrowBuf present = allValid;
    if (present == null || present.capacity() < sizeBytes) {
      if (present != null) {
        present.close();
      }
      present = buffer(AllValid.bytes(sizeBytes));
      allValid = present;
    }
    present.getReferenceManager().retain();
    return present.slice(0, sizeBytes);
  }

  BufferAllocator memory() {
    return memory;
  }

  private void leave() {
    if (uses.decrementAndGet() == 0) {
      object.close();
    }
  }

  /// Ends the use of whoever made the buffers.
  @Override
  public void close() {
    ArrowBuf shared = allValid;
    if (shared != null) {
      allValid = null;
      shared.close();
    }
    leave();
  }

  /// What one buffer lies over. Keeps the memory reachable, be it the object's or not.
  private static final class Part extends ForeignAllocation {
    private final Lease lease;
    private final MemorySegment memory;

    private Part(Lease lease, MemorySegment memory) {
      super(memory.byteSize(), memory.address());
      this.lease = lease;
      this.memory = memory;
      lease.uses.incrementAndGet();
    }

    @Override
    protected void release0() {
      lease.leave();
    }

    @Override
    public String toString() {
      return "Part[" + memory + "]";
    }
  }
}
