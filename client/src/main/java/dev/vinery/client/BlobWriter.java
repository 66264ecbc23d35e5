package dev.vinery.client;

import dev.vinery.protocol.ObjectId;
import java.lang.foreign.MemorySegment;

/// A blob under construction, in memory shared with the daemon. Confined to one thread, save that
/// several threads may write to its memory.
///
/// Nobody else sees it before it is sealed. It is either sealed or closed; closing it unsealed
/// gives the memory back, as does the garbage collector when nothing refers to the writer or its
/// memory.
public final class BlobWriter implements AutoCloseable {
  private final ObjectId id;
  private final LocalBlobs blobs;
  private final Hold hold;
  private MemorySegment segment;

  /// @param segment a view of `hold`, whose end drops the blob
  BlobWriter(ObjectId id, MemorySegment segment, Hold hold, LocalBlobs blobs) {
    this.id = id;
    this.segment = segment;
    this.hold = hold;
    this.blobs = blobs;
  }

  public ObjectId id() {
    return id;
  }

  public long sizeBytes() {
    return segment.byteSize();
  }

  /// The bytes to be written, aligned to 64 bytes. Their first contents are undefined. They must
  /// not be written any more once the blob is sealed or closed: other processes read them, or the
  /// daemon has given them to somebody else.
  ///
  /// @throws IllegalStateException if the blob is sealed or closed
  public MemorySegment segment() {
    requireOpen();
    return segment;
  }

  /// Keeps only the first bytes.
  ///
  /// @param sizeBytes new length, at most the present one
  /// @throws IllegalStateException if the blob is sealed or closed
  public void shrink(long sizeBytes) {
    requireOpen();
    if (sizeBytes < 0 || sizeBytes > sizeBytes()) {
      throw new IllegalArgumentException(
          "a blob of " + sizeBytes() + " bytes cannot shrink to " + sizeBytes);
    }
    if (!id.equals(ObjectId.EMPTY_BLOB)) {
      blobs.shrink(id, sizeBytes);
      segment = segment.asSlice(0, sizeBytes);
    }
  }

  /// Makes the blob immutable and visible to everybody.
  ///
  /// @return the blob, which the caller closes
  /// @throws IllegalStateException if it is sealed or closed already
  public Blob seal() {
    requireOpen();
    return blobs.seal(this);
  }

  /// Takes over the blob from a writer that is done.
  ///
  /// @throws IllegalStateException if it is sealed or closed already
  MemorySegment finish() {
    if (!hold.cancel()) {
      throw new IllegalStateException("blob " + id + " is sealed or closed");
    }
    return segment;
  }

  private void requireOpen() {
    if (hold.ended()) {
      throw new IllegalStateException("blob " + id + " is sealed or closed");
    }
  }

  /// Gives up the blob, unless it is sealed. Closing twice is fine.
  @Override
  public void close() {
    hold.close();
  }

  @Override
  public String toString() {
    return "BlobWriter[id=" + id + ", sizeBytes=" + sizeBytes() + "]";
  }
}
