package dev.vinery.client;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.vinery.protocol.ObjectId;
import java.lang.foreign.MemorySegment;

/// Payload bytes that no longer change, in memory shared with the daemon. Nothing is copied. Safe
/// for use by several threads.
///
/// While a blob is open, or anything refers to its [#segment()], the daemon neither moves its bytes
/// nor gives them to anybody else, whatever others delete. It is closed to give it back early; if
/// that is forgotten, the garbage collector does it. A blob outlives the client it came from.
public final class Blob implements AutoCloseable {
  private final ObjectId id;
  private final MemorySegment segment;
  private final Hold hold;

  /// @param segment a view of `hold`
  Blob(ObjectId id, MemorySegment segment, Hold hold) {
    this.id = id;
    this.segment = segment;
    this.hold = hold;
  }

  /// The blob of length zero.
  static Blob empty() {
    return new Blob(ObjectId.EMPTY_BLOB, MemorySegment.NULL, new Hold(() -> {}));
  }

  public ObjectId id() {
    return id;
  }

  public long sizeBytes() {
    return segment.byteSize();
  }

  /// The bytes, read-only. After [#close()] their contents are undefined.
  ///
  /// @throws IllegalStateException if the blob is closed
  public MemorySegment segment() {
    if (hold.ended()) {
      throw new IllegalStateException("blob " + id + " is closed");
    }
    return segment;
  }

  /// Copies the bytes.
  ///
  /// @throws IllegalStateException if the blob is closed, or longer than an array can be
  public byte[] toByteArray() {
    return segment().toArray(JAVA_BYTE);
  }

  /// Gives the blob back. Closing twice is fine.
  @Override
  public void close() {
    hold.close();
  }

  @Override
  public String toString() {
    return "Blob[id=" + id + ", sizeBytes=" + sizeBytes() + "]";
  }
}
