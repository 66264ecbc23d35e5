package dev.vinery.client;

import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreFullException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// A blob under construction: in memory shared with the daemon, or, over TCP, in memory of this
/// process, from where it is sent when it is sealed. Confined to one thread, save that several
/// threads may write to its memory.
///
/// Nobody else sees it before it is sealed. It is either sealed or closed; closing it unsealed
/// gives the memory back, as does the garbage collector when nothing refers to the writer or its
/// memory.
public final class BlobWriter implements AutoCloseable {
  private final Hold hold;
  private final Destination destination;
  private MemorySegment segment;

  /// Where the bytes of a writer go.
  interface Destination {
    /// The blob's id, if it has one already.
    Optional<ObjectId> id();

    /// Makes room for fewer bytes.
    void shrink(long sizeBytes);

    /// Makes a blob of the bytes and calls [BlobWriter#finish].
    Blob seal(BlobWriter writer);
  }

  /// @param segment a view of `hold`, whose end drops the blob
  BlobWriter(MemorySegment segment, Hold hold, Destination destination) {
    this.segment = segment;
    this.hold = hold;
    this.destination = destination;
  }

  /// A writer of the blob of length zero.
  static BlobWriter ofNothing() {
    return new BlobWriter(MemorySegment.NULL, new Hold(() -> {}), new Nowhere());
  }

  /// Whether a blob of this size needs any memory.
  ///
  /// @throws IllegalArgumentException if there is no such size
  static boolean needsRoom(long sizeBytes) {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size of a blob must not be negative: " + sizeBytes);
    }
    return sizeBytes > 0;
  }

  private static final class Nowhere implements Destination {
    @Override
    public Optional<ObjectId> id() {
      return Optional.of(ObjectId.EMPTY_BLOB);
    }

    @Override
    public void shrink(long sizeBytes) {}

    @Override
    public Blob seal(BlobWriter writer) {
      writer.finish();
      return Blob.empty();
    }
  }

  /// The id that the blob will have; over TCP it is known only when the blob is sealed.
  public Optional<ObjectId> id() {
    return destination.id();
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

  /// The same bytes under a lifetime of the caller's: when that ends, whoever has kept the segment
  /// can neither write nor read it.
  ///
  /// @throws IllegalStateException if the blob is sealed or closed
  public MemorySegment segment(Arena arena) {
    return SharedMemory.view(segment(), arena, () -> {});
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
    destination.shrink(sizeBytes);
    segment = segment.asSlice(0, sizeBytes);
  }

  /// Makes the blob immutable and visible to everybody.
  ///
  /// @return the blob, which the caller closes
  /// @throws IllegalStateException if it is sealed or closed already
  /// @throws StoreFullException over TCP, if the daemon has no room; the writer stays open
  public Blob seal() {
    requireOpen();
    return destination.seal(this);
  }

  /// Takes over the bytes from a writer that is done; its hold ends without a further effect.
  ///
  /// @throws IllegalStateException if it is sealed or closed already
  MemorySegment finish() {
    if (!hold.cancel()) {
      throw new IllegalStateException("the blob is sealed or closed");
    }
    return segment;
  }

  private void requireOpen() {
    if (hold.ended()) {
      throw new IllegalStateException("the blob is sealed or closed");
    }
  }

  /// Gives up the blob, unless it is sealed. Closing twice is fine.
  @Override
  public void close() {
    hold.close();
  }

  @Override
  public String toString() {
    return "BlobWriter[sizeBytes=" + sizeBytes() + "]";
  }
}
