package dev.vinery.server;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The chunks that a stream keeps, by their index: the first chunk that the stream ever had has the
/// index 0. Guarded by the store lock.
final class ChunkLog {
  private static final int FIRST_CAPACITY = 8;

  /// A ring, whose length is a power of two.
  private @Nullable StreamChunk[] ring = new StreamChunk[FIRST_CAPACITY];

  private long start;
  private int count;
  private long sizeBytes;

  /// The index of the first chunk that is kept, or of the next one to come.
  long start() {
    return start;
  }

  /// The index of the next chunk to come.
  long end() {
    return start + count;
  }

  int count() {
    return count;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /// @param index from [#start] to one less than [#end]
  StreamChunk get(long index) {
    StreamChunk chunk = ring[slot(index)];
    if (index < start || index >= end() || chunk == null) {
      throw new AssertionError("chunk " + index + " of " + start + " to " + end());
    }
    return chunk;
  }

  private int slot(long index) {
    return (int) (index & (ring.length - 1));
  }

  void add(StreamChunk chunk) {
    if (count == ring.length) {
      grow();
    }
    ring[slot(end())] = chunk;
    count++;
    sizeBytes += chunk.sizeBytes();
  }

  private void grow() {
    @Nullable StreamChunk[] old = ring;
    int mask = old.length - 1;
    ring = Arrays.copyOf(old, 2 * old.length);
    Arrays.fill(ring, null);
    for (long index = start; index < end(); index++) {
      ring[slot(index)] = old[(int) (index & mask)];
    }
  }

  /// Takes out the first chunk, of which there must be one.
  StreamChunk removeFirst() {
    StreamChunk first = get(start);
    ring[slot(start)] = null;
    start++;
    count--;
    sizeBytes -= first.sizeBytes();
    return first;
  }
}
