package dev.vinery.types;

import dev.vinery.client.Blob;
import dev.vinery.client.BlobWriter;
import dev.vinery.client.Client;
import dev.vinery.client.DeleteOption;
import dev.vinery.protocol.ObjectId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A piece of shared memory, used as Python's `multiprocessing.shared_memory.SharedMemory` is.
///
/// Who creates it writes to it until he freezes it. From then on others can open it by its name,
/// and nobody can write to it any more. Confined to one thread until it is frozen, and safe for use
/// by several threads behind.
///
/// Source: the reference implementation's `python/vineyard/shared_memory`: a plain blob, whose name
/// is the text of its id.
public final class SharedMemory implements AutoCloseable {
  private final Client client;
  private final ObjectId id;
  private @Nullable Writing writing;
  private @Nullable Blob blob;

  private SharedMemory(Client client, ObjectId id, @Nullable Writing writing, @Nullable Blob blob) {
    this.client = client;
    this.id = id;
    this.writing = writing;
    this.blob = blob;
  }

  /// Memory that is not frozen yet.
  ///
  /// @param arena how long its bytes can be written
  private record Writing(BlobWriter writer, Arena arena, MemorySegment bytes) {
    private static Writing of(BlobWriter writer) {
      var arena = Arena.ofShared();
      return new Writing(writer, arena, writer.segment(arena));
    }

    private Blob seal() {
      end(); // first, so that nobody writes what others read
      return writer.seal();
    }

    private void drop() {
      end();
      writer.close();
    }

    private void end() {
      if (arena.scope().isAlive()) { // it is not if sealing has failed before
        arena.close();
      }
    }
  }

  /// Makes a piece of memory, all zero.
  ///
  /// @param sizeBytes length in bytes, at least 1
  /// @throws dev.vinery.protocol.StoreFullException if there is no room
  /// @throws UnsupportedOperationException if the client came over TCP
  public static SharedMemory create(Client client, long sizeBytes) {
    if (sizeBytes < 1) {
      throw new IllegalArgumentException("shared memory has at least 1 byte, not " + sizeBytes);
    }
    BlobWriter writer = client.createBlob(sizeBytes);
    if (writer.id().isEmpty()) {
      writer.close();
      throw new UnsupportedOperationException(
          "memory is shared with the daemon's own host only: connect to its socket there");
    }
    writer.segment().fill((byte) 0);
    return new SharedMemory(client, writer.id().get(), Writing.of(writer), null);
  }

  /// Opens memory that somebody has frozen.
  ///
  /// @param name what [#name()] returns, here or in Python
  /// @throws dev.vinery.protocol.ObjectNotFoundException if there is none
  /// @throws dev.vinery.protocol.ObjectNotSealedException if it is not frozen yet
  public static SharedMemory open(Client client, String name) {
    if (!ObjectId.isText(name)) {
      throw new IllegalArgumentException("'" + name + "' is no name of shared memory");
    }
    ObjectId id = ObjectId.parse(name);
    return new SharedMemory(client, id, null, client.getBlob(id));
  }

  /// What others open it by.
  public String name() {
    return id.toString();
  }

  public long sizeBytes() {
    return memory().byteSize();
  }

  /// The bytes: writable until they are frozen, read-only behind. A segment that was taken before
  /// cannot be used any more: that is an `IllegalStateException`, too.
  ///
  /// @throws IllegalStateException if it is closed
  public synchronized MemorySegment memory() {
    if (writing != null) {
      return writing.bytes();
    }
    if (blob != null) {
      return blob.segment();
    }
    throw new IllegalStateException("shared memory " + id + " is closed");
  }

  public synchronized boolean isFrozen() {
    return writing == null;
  }

  /// Makes the bytes immutable, and visible to others. Freezing twice is fine.
  public synchronized void freeze() {
    if (writing != null) {
      blob = writing.seal();
      writing = null;
    }
  }

  /// Deletes the memory; who has opened it keeps it until he closes it. Closes this.
  public synchronized void unlink() {
    if (writing != null) {
      writing.drop();
      writing = null;
      return;
    }
    close();
    client.delete(List.of(id), DeleteOption.FORCE);
  }

  /// Freezes the memory, as Python does, and lets go of it. Closing twice is fine.
  @Override
  public synchronized void close() {
    freeze();
    if (blob != null) {
      blob.close();
      blob = null;
    }
  }

  @Override
  public String toString() {
    return "SharedMemory[" + name() + "]";
  }
}
