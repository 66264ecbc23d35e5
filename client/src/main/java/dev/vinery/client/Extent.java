package dev.vinery.client;

import dev.vinery.protocol.ExtentRequest;
import java.lang.foreign.MemorySegment;

/// Memory that the daemon has lent to a connection, from whose front on blobs are made. Confined to
/// whoever has taken it from its [Extents].
final class Extent {
  private final int number;
  private final MemorySegment memory;
  private long front;

  /// @param number its name between the connection and the daemon
  /// @param memory all of it, writable
  Extent(int number, MemorySegment memory) {
    this.number = number;
    this.memory = memory;
  }

  int number() {
    return number;
  }

  /// Where the next blob will begin, in bytes from the start.
  long front() {
    return front;
  }

  long leftBytes() {
    return memory.byteSize() - front;
  }

  /// Takes the front for a blob, whose bytes are written to the result.
  ///
  /// @param sizeBytes at least 1; there is room for it
  MemorySegment allocate(long sizeBytes) {
    MemorySegment blob = memory.asSlice(front, sizeBytes);
    front += ExtentRequest.taken(sizeBytes);
    return blob;
  }
}
