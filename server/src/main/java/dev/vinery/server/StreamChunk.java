package dev.vinery.server;

import dev.vinery.protocol.ObjectId;

/// An element of a stream. Guarded by the store lock.
final class StreamChunk {
  private final ObjectId id;
  private final long sizeBytes;
  private final long readyNanos;
  private int readers;
  private boolean dropped;

  /// @param sizeBytes of a blob; 0 for an object
  /// @param readyNanos when it became ready, as [System#nanoTime] counts
  StreamChunk(ObjectId id, long sizeBytes, long readyNanos) {
    this.id = id;
    this.sizeBytes = sizeBytes;
    this.readyNanos = readyNanos;
  }

  ObjectId id() {
    return id;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  long readyNanos() {
    return readyNanos;
  }

  boolean dropped() {
    return dropped;
  }

  void beginReading() {
    readers++;
  }

  /// Ends the reading of one of its readers.
  ///
  /// @return whether nothing needs the chunk any more
  boolean endReading() {
    readers--;
    return dropped && readers == 0;
  }

  /// Takes note that the stream keeps the chunk no longer.
  ///
  /// @return whether nothing needs the chunk any more
  boolean drop() {
    dropped = true;
    return readers == 0;
  }
}
