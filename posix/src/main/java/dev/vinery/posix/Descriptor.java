package dev.vinery.posix;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/// What can be done with a descriptor of any kind. Safe for use by several threads.
public final class Descriptor {
  /// `int close(int fd)`
  private static final Native.Function CLOSE = Native.function("close");

  /// `ssize_t read(int fd, void *buf, size_t count)`
  private static final Native.Function READ = Native.function("read");

  private Descriptor() {}

  /// Waits for bytes, if the descriptor is one that waits, and takes those that are there. Repeated
  /// only if a signal interrupts it.
  ///
  /// @return how many bytes were taken, at least 1; or 0 at the end
  public static int read(int fd, MemorySegment buffer, long offset, long length)
      throws PosixException {
    if (buffer.isReadOnly()) {
      throw new IllegalArgumentException("the buffer to read into is read-only");
    }
    long pointer = Native.pointer(buffer, offset, length);
    try {
      return (int) READ.call(fd, pointer, length);
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  /// Gives a descriptor back. Its number may mean another file from now on, so it is closed exactly
  /// once: after a signal, too, Linux has already let go of it and nothing is retried. What delayed
  /// writes ran into is not reported here.
  ///
  /// @throws IllegalArgumentException if the descriptor is not open
  public static void close(int fd) {
    if ((int) CLOSE.once(fd, 0, 0, 0) == -Errno.EBADF) {
      throw new IllegalArgumentException("descriptor is not open: " + fd);
    }
  }
}
