package dev.vinery.client;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Memory files of a scripted daemon, each filled with a byte of its own.
final class MemoryFiles implements AutoCloseable {
  static final long SIZE_BYTES = 1 << 16;

  private final List<Integer> descriptors = new ArrayList<>();

  /// Makes a file and returns its descriptor.
  int create(byte content) throws PosixException {
    int fd = SharedMemory.memfdCreate("scripted");
    descriptors.add(fd);
    SharedMemory.truncate(fd, SIZE_BYTES);
    try (var arena = Arena.ofConfined()) {
      MemorySegment all = SharedMemory.map(fd, SIZE_BYTES, true, arena);
      all.fill(content);
    }
    return fd;
  }

  /// A sealed blob at the start of a file.
  static Payload payload(long id, int storeFd, long sizeBytes) {
    return new Payload(
        new ObjectId(Long.MIN_VALUE | id),
        storeFd,
        0,
        sizeBytes,
        SIZE_BYTES + Payload.MAP_SIZE_EXCESS_BYTES,
        0,
        true,
        true);
  }

  @Override
  public void close() {
    descriptors.forEach(Descriptor::close);
  }
}
