package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// Descriptors by which one thread wakes another that waits in [Poll]. Safe for use by several
/// threads.
public final class EventFd {
  private static final int EFD_CLOEXEC = 0x80000; // linux/eventfd.h
  private static final int EFD_NONBLOCK = 0x800;

  /// `int eventfd(unsigned int initval, int flags)`
  private static final Native.Function EVENTFD = Native.function("eventfd");

  /// `ssize_t write(int fd, const void *buf, size_t count)`
  private static final Native.Function WRITE = Native.function("write");

  /// `ssize_t read(int fd, void *buf, size_t count)`
  private static final Native.Function READ = Native.function("read");

  private EventFd() {}

  /// Creates a descriptor that is not readable until [#signal] is called. The caller closes it.
  public static int create() throws PosixException {
    return (int) EVENTFD.call(0, EFD_CLOEXEC | EFD_NONBLOCK);
  }

  /// Makes the descriptor readable until it is drained.
  public static void signal(int fd) throws PosixException {
    MemorySegment counter = Scratch.ofThread().arguments();
    counter.set(JAVA_LONG, 0, 1);
    WRITE.call(fd, counter.address(), Long.BYTES);
  }

  /// Makes the descriptor unreadable again. Never waits.
  ///
  /// @return how often it was signalled since the last time
  public static long drain(int fd) throws PosixException {
    MemorySegment counter = Scratch.ofThread().arguments();
    long result;
    do {
      result = READ.once(fd, counter.address(), Long.BYTES, 0);
    } while (result == -Errno.EINTR);
    if (result == -Errno.EAGAIN) {
      return 0;
    }
    if (Native.failed(result)) {
      throw new PosixException(READ.name(), (int) -result);
    }
    return counter.get(JAVA_LONG, 0);
  }
}
