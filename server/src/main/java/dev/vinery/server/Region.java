package dev.vinery.server;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.Payload;
import java.util.concurrent.atomic.AtomicInteger;

/// One memory file, and the two keys under which clients know it.
///
/// Who writes gets a writable descriptor under one key, who reads gets a read-only one under the
/// other, so a reader can neither write nor shrink what others read. Keys are issued once and never
/// again, because clients cache their mappings by key. The file is closed when its last user lets
/// go. Guarded by the store lock.
final class Region {
  private static final AtomicInteger LAST_KEY = new AtomicInteger();

  private final int writerFd;
  private final int readerFd;
  private final int writerKey;
  private final int readerKey;
  private final long sizeBytes;
  private int users = 1;

  /// Takes over a writable descriptor; it is closed if this fails.
  Region(int writerFd, long sizeBytes) throws PosixException {
    this.writerFd = writerFd;
    this.sizeBytes = sizeBytes;
    try {
      this.readerFd = SharedMemory.reopenReadOnly(writerFd);
    } catch (PosixException e) {
      Descriptor.close(writerFd);
      throw e;
    }
    this.writerKey = LAST_KEY.incrementAndGet();
    this.readerKey = LAST_KEY.incrementAndGet();
  }

  /// Makes an anonymous memory file of a fixed size that no other user can open.
  static Region anonymous(String name, long sizeBytes) throws PosixException {
    int fd = SharedMemory.memfdCreate(name);
    try {
      SharedMemory.truncate(fd, sizeBytes);
      SharedMemory.addSeals(
          fd, SharedMemory.SEAL_SHRINK | SharedMemory.SEAL_GROW | SharedMemory.SEAL_SEAL);
    } catch (PosixException e) {
      Descriptor.close(fd);
      throw e;
    }
    Region region = new Region(fd, sizeBytes);
    try {
      SharedMemory.changeMode(fd, 0);
    } catch (PosixException e) {
      region.release();
      throw e;
    }
    return region;
  }

  int key(boolean writable) {
    return writable ? writerKey : readerKey;
  }

  int descriptor(boolean writable) {
    return writable ? writerFd : readerFd;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /// What payloads say of the file's size, from which clients take eight bytes off again.
  long mapSizeBytes() {
    return sizeBytes + Payload.MAP_SIZE_EXCESS_BYTES;
  }

  void hold() {
    users++;
  }

  void release() {
    Invariant.check(users > 0, "a memory file was released more often than held");
    if (--users == 0) {
      Descriptor.close(readerFd);
      Descriptor.close(writerFd);
    }
  }
}
