package dev.vinery.arrow;

import dev.vinery.client.VineryObject;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;

/// An object that stays open as long as Arrow buffers lie over its blobs. Safe for use by several
/// threads.
///
/// Every buffer counts, and whoever makes them, until he closes the lease. A buffer that is
/// forgotten keeps the object no longer either: then the garbage collector ends its hold.
final class Lease implements AutoCloseable {
  private final VineryObject object;
  private final BufferAllocator memory;
  private final AtomicInteger uses = new AtomicInteger(1);

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
