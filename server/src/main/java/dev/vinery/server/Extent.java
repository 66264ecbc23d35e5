package dev.vinery.server;

import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.ProtocolException;
import java.util.List;

/// Memory of the pool lent to one connection, which makes blobs of it from its front on. What is
/// left of it counts against the limit, and belongs to nobody else. Guarded by the store lock.
final class Extent {
  private final MemoryPool pool;
  private final long startOffset;
  private final long endOffset;
  private int block;
  private long frontOffset;

  private Extent(MemoryPool pool, int block, long sizeBytes) {
    this.pool = pool;
    this.block = block;
    this.startOffset = pool.offset(block);
    this.frontOffset = startOffset;
    this.endOffset = startOffset + sizeBytes;
  }

  /// Takes memory out of the pool. [#end] follows.
  ///
  /// @param sizeBytes a multiple of [ExtentRequest#ALIGNMENT_BYTES], at least 1
  static Extent lease(MemoryPool pool, long sizeBytes) {
    return new Extent(pool, pool.lend(sizeBytes), sizeBytes);
  }

  /// Where it is in the pool.
  long offset() {
    return startOffset;
  }

  /// Where the next blob begins, in bytes from the start.
  long frontBytes() {
    return frontOffset - startOffset;
  }

  private long leftBytes() {
    return endOffset - frontOffset;
  }

  /// Refuses blobs that are not at the front, or do not fit.
  ///
  /// @param offset where the first one begins, in bytes from the start
  void check(long offset, List<Long> sizesBytes) {
    if (offset != frontBytes()) {
      throw new ProtocolException(
          "blobs were written at %d of an extent whose front is at %d"
              .formatted(offset, frontBytes()));
    }
    long left = leftBytes();
    for (long sizeBytes : sizesBytes) {
      if (sizeBytes < 1 || sizeBytes > left) {
        throw new ProtocolException(
            "a blob of %d bytes does not fit into %d bytes of an extent"
                .formatted(sizeBytes, left));
      }
      left -= ExtentRequest.taken(sizeBytes);
    }
  }

  /// Takes the front off.
  ///
  /// @param sizeBytes as was checked
  /// @return a block of its own, as [MemoryPool#allocate] would return it
  int cut(long sizeBytes) {
    int front = block;
    block = pool.cut(front, sizeBytes);
    frontOffset += ExtentRequest.taken(sizeBytes);
    return front;
  }

  /// Gives back what is left.
  void end() {
    if (leftBytes() > 0) {
      pool.takeBack(block);
      frontOffset = endOffset;
    }
  }
}
