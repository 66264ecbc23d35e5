package dev.vinery.arrow;

import dev.vinery.client.Blob;
import dev.vinery.client.BlobWriter;
import dev.vinery.client.Client;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreFullException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.ReferenceManager;
import org.jspecify.annotations.Nullable;

/// Arrow memory that is blobs of one client, each allocation one blob. Safe for use by several
/// threads.
final class BlobAllocations implements AllocationManager.Factory, StoredBlobs {
  private final Client client;
  private final Map<Long, Allocation> byAddress = new ConcurrentHashMap<>();

  BlobAllocations(Client client) {
    this.client = client;
  }

  @Override
  public AllocationManager create(BufferAllocator accounting, long sizeBytes) {
    try {
      var allocation = new Allocation(accounting, client.createBlob(sizeBytes));
      byAddress.put(allocation.memoryAddress(), allocation);
      return allocation;
    } catch (StoreFullException full) {
      throw new OutOfMemoryException(full.getMessage(), full);
    }
  }

  @Override
  public ArrowBuf empty() {
    return new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);
  }

  @Override
  public boolean has(ArrowBuf buffer) {
    return byAddress.containsKey(buffer.memoryAddress());
  }

  @Override
  public Optional<ObjectId> find(ArrowBuf buffer, long sizeBytes) {
    Allocation allocation = sizeBytes == 0 ? null : byAddress.get(buffer.memoryAddress());
    return allocation != null && allocation.getSize() >= sizeBytes
        ? Optional.of(allocation.seal())
        : Optional.empty();
  }

  /// Deletes a blob that no object was made of, as when the put failed for which it was sealed. The
  /// daemon passes over those that are members.
  private void deleteUnlessMember(ObjectId blob) {
    try {
      client.delete(List.of(blob));
    } catch (ConnectionException | IllegalStateException gone) {
      // The daemon has gone, or the client was closed too early: there is nobody to tell.
      return;
    }
  }

  /// One blob, under construction until an object is made of it.
  private final class Allocation extends AllocationManager {
    private final BlobWriter writer;
    private final long address;
    private final long sizeBytes;
    private @Nullable Blob sealed;

    private Allocation(BufferAllocator accounting, BlobWriter writer) {
      super(accounting);
      this.writer = writer;
      this.address = writer.segment().address();
      this.sizeBytes = writer.sizeBytes();
    }

    private synchronized ObjectId seal() {
      Blob blob = sealed;
      if (blob == null) {
        blob = writer.seal();
        sealed = blob;
      }
      return blob.id();
    }

    @Override
    public long getSize() {
      return sizeBytes;
    }

    @Override
    protected long memoryAddress() {
      return address;
    }

    @Override
    protected synchronized void release0() {
      byAddress.remove(address);
      Blob blob = sealed;
      if (blob == null) {
        writer.close();
      } else {
        blob.close();
        deleteUnlessMember(blob.id());
      }
    }
  }
}
