package dev.vinery.server;

import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A memory file for something other than blobs, mapped here and by clients.
///
/// @param region guarded by the store lock
/// @param memory the daemon's mapping, writable
record SharedFile(Region region, MemorySegment memory, Arena arena) implements AutoCloseable {
  /// Makes a file of zeroes.
  static SharedFile create(String name, long sizeBytes) throws PosixException {
    Region region = Region.anonymous(name, sizeBytes);
    var arena = Arena.ofShared();
    try {
      var memory = SharedMemory.map(region.descriptor(true), sizeBytes, true, arena);
      return new SharedFile(region, memory, arena);
    } catch (PosixException e) {
      region.release();
      arena.close();
      throw e;
    }
  }

  /// Ends the daemon's mapping, which takes a while: not to be done under the store lock. Clients
  /// keep theirs.
  @Override
  public void close() {
    arena.close();
    region.release();
  }
}
