package dev.vinery.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The blobs that one connection reads without having told the daemon, in memory that both share.
/// The client pins and unpins; the daemon claims, when it deletes a blob.
///
/// **Layout.** Words are little-endian. The first is 1 when the daemon does not look here any more;
/// from byte 64 on there are [#BUCKETS] times 8 slots. A slot is 0, the id of a blob, or the same
/// without its highest bit: then the daemon has claimed the pin, which is to say that it has
/// entered the connection into its books as a reader, and wants to be told of the end.
///
/// **Why that is safe.** A client pins a blob and *then* looks whether the blob's entry in the
/// [SharedIndex] still stands. A daemon removes the entry and *then* looks for pins. Each does its
/// second step after its first is seen by all; so at least one of them sees the other: either the
/// client learns that the blob is going and keeps off, or the daemon finds the pin. An id is given
/// once only.
///
/// A blob's slot can only be in the bucket of its id, so a claim costs one cache line. A client
/// whose bucket is full asks the daemon as if there were no pins.
///
/// One thread at a time on the client's side, and one on the daemon's.
public final class PinTable {
  /// Length of the file in bytes.
  public static final long FILE_BYTES;

  private static final long VOID_OFFSET = 0;
  private static final long SLOTS_OFFSET = 64;
  private static final int BUCKETS = 512;
  private static final int BUCKET_SLOTS = 8;

  private static final long FREE = 0;

  private static final VarHandle WORDS =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  static {
    FILE_BYTES = SLOTS_OFFSET + (long) BUCKETS * BUCKET_SLOTS * Long.BYTES;
  }

  private final MemorySegment file;

  /// How a pin has ended.
  public enum End {
    /// There was none.
    ABSENT,
    /// The daemon has not noticed it.
    UNNOTICED,
    /// The daemon has claimed it, so it has to be told by a `release_request`.
    CLAIMED
  }

  /// @param file writable, all zero at first, [#FILE_BYTES] long
  public PinTable(MemorySegment file) {
    this.file = file;
  }

  /// The client pins a blob; again, if it has done so before.
  ///
  /// @return false if there is no room, or the blob is going
  public boolean pin(ObjectId blob) {
    long bucket = bucketOffset(blob.value());
    long free = -1;
    for (long at = bucket; at < bucket + BUCKET_SLOTS * Long.BYTES; at += Long.BYTES) {
      long slot = (long) WORDS.getVolatile(file, at);
      if (slot == blob.value()) {
        return true;
      }
      if (slot == claimed(blob)) {
        return false;
      }
      if (slot == FREE) {
        free = at;
      }
    }
    if (free < 0) {
      return false;
    }
    WORDS.setVolatile(file, free, blob.value());
    return true;
  }

  /// Whether the daemon looks at the pins. To be asked after having pinned.
  public boolean counts() {
    VarHandle.fullFence();
    return (long) WORDS.getVolatile(file, VOID_OFFSET) == 0;
  }

  /// The client ends a pin.
  public End unpin(ObjectId blob) {
    long bucket = bucketOffset(blob.value());
    for (long at = bucket; at < bucket + BUCKET_SLOTS * Long.BYTES; at += Long.BYTES) {
      if (WORDS.compareAndSet(file, at, blob.value(), FREE)) {
        return End.UNNOTICED;
      }
      if ((long) WORDS.getVolatile(file, at) == claimed(blob)) {
        WORDS.setVolatile(file, at, FREE);
        return End.CLAIMED;
      }
    }
    return End.ABSENT;
  }

  /// The daemon looks whether a blob is pinned that it has removed from the index, and takes note.
  ///
  /// @return whether it is; then the end of the reading will be told
  public boolean claim(ObjectId blob) {
    VarHandle.fullFence();
    long bucket = bucketOffset(blob.value());
    for (long at = bucket; at < bucket + BUCKET_SLOTS * Long.BYTES; at += Long.BYTES) {
      if (WORDS.compareAndSet(file, at, blob.value(), claimed(blob))) {
        return true;
      }
    }
    return false;
  }

  /// The daemon looks whether a blob is pinned.
  public boolean isPinned(ObjectId blob) {
    long bucket = bucketOffset(blob.value());
    for (long at = bucket; at < bucket + BUCKET_SLOTS * Long.BYTES; at += Long.BYTES) {
      if ((long) WORDS.getVolatile(file, at) == blob.value()) {
        return true;
      }
    }
    return false;
  }

  /// The daemon does not look at the pins any more, as the connection ends.
  public void makeVoid() {
    WORDS.setVolatile(file, VOID_OFFSET, 1L);
    VarHandle.fullFence();
  }

  private static long bucketOffset(long id) {
    return SLOTS_OFFSET + (SharedIndex.mix(id) & (BUCKETS - 1)) * BUCKET_SLOTS * Long.BYTES;
  }

  private static long claimed(ObjectId blob) {
    return blob.value() & Long.MAX_VALUE;
  }
}
