package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/// Waiting for any of a set of descriptors that the kernel keeps. One method is one system call,
/// repeated only if a signal interrupts it. Safe for use by several threads.
///
/// For one or two descriptors [Poll] is cheaper, because it needs no set.
public final class Epoll {
  /// What [#await] returns when the time is over.
  public static final int NONE = -1;

  private static final int EPOLL_CLOEXEC = 0x80000; // linux/eventpoll.h
  private static final int EPOLL_CTL_ADD = 1;

  // struct epoll_event: int events at 0, then 64 bits of the caller's own
  private static final int DATA_OFFSET = Architecture.CURRENT.epollDataOffset();

  /// `int epoll_create1(int flags)`
  private static final Native.Function EPOLL_CREATE1 = Native.function("epoll_create1");

  /// `int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)`
  private static final Native.Function EPOLL_CTL = Native.function("epoll_ctl");

  /// `int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)`
  private static final Native.Function EPOLL_WAIT = Native.function("epoll_wait");

  private Epoll() {}

  /// Creates an empty set and returns its descriptor, which the caller closes.
  public static int create() throws PosixException {
    return (int) EPOLL_CREATE1.call(EPOLL_CLOEXEC);
  }

  /// Adds a descriptor, until it is closed.
  ///
  /// @param events [Poll#POLLIN], [Poll#POLLOUT], [Poll#POLLRDHUP], or'ed; errors and hang-up are
  ///   watched unasked
  /// @throws PosixException with `EEXIST` if the set has it already, with `EPERM` if it is of a
  ///   plain file
  public static void add(int epoll, int fd, int events) throws PosixException {
    MemorySegment event = Scratch.ofThread().arguments();
    event.set(JAVA_INT, 0, events);
    event.set(JAVA_INT, DATA_OFFSET, fd);
    EPOLL_CTL.call(epoll, EPOLL_CTL_ADD, fd, event.address());
  }

  /// Waits until something watched for has happened to a descriptor of the set.
  ///
  /// @param timeoutMs at least 0, or [Poll#FOR_EVER]
  /// @return the descriptor, one if there are several, or [#NONE] if the time is over
  public static int await(int epoll, int timeoutMs) throws PosixException {
    MemorySegment event = Scratch.ofThread().arguments();
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    long result = EPOLL_WAIT.once(epoll, event.address(), 1, timeoutMs);
    while (result == -Errno.EINTR) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      long waitMs = timeoutMs < 0 ? Poll.FOR_EVER : Math.max(leftMs, 0);
      result = EPOLL_WAIT.once(epoll, event.address(), 1, waitMs);
    }
    if (Native.failed(result)) {
      throw new PosixException(EPOLL_WAIT.name(), (int) -result);
    }
    return (int) result == 0 ? NONE : event.get(JAVA_INT, DATA_OFFSET);
  }
}
