package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/// Waiting for one or two descriptors. Safe for use by several threads.
public final class Poll {
  // asm-generic/poll.h
  /// Bytes, or a client, or end of file can be taken without waiting.
  public static final int POLLIN = 0x1;

  /// Bytes can be sent without waiting.
  public static final int POLLOUT = 0x4;

  /// Something failed; the next call on the descriptor tells what. Reported unasked.
  public static final int POLLERR = 0x8;

  /// Both directions of the connection are closed. Reported unasked.
  public static final int POLLHUP = 0x10;

  /// The peer sends nothing any more: it has closed, or shut down its sending side.
  public static final int POLLRDHUP = 0x2000;

  /// As a timeout: wait for ever.
  public static final int FOR_EVER = -1;

  /// As a descriptor: none.
  public static final int NONE = -1;

  private static final int POLLNVAL = 0x20;

  // struct pollfd: int fd at 0, short events at 4, short revents at 6
  private static final int POLLFD_BYTES = 8;
  private static final int EVENTS_OFFSET = 4;
  private static final int REVENTS_OFFSET = 6;

  private static final int SECOND_SHIFT = 16;
  private static final int EVENTS_MASK = 0xFFFF;

  /// `int poll(struct pollfd *fds, nfds_t nfds, int timeout)`
  private static final Native.Function POLL = Native.function("poll");

  private Poll() {}

  /// Waits for a descriptor, as [#await(int,int,int,int,int)] does for two.
  ///
  /// @return what has happened, or 0 if the time is over
  public static int await(int fd, int events, int timeoutMs) throws PosixException {
    return await(fd, events, NONE, 0, timeoutMs);
  }

  /// Waits until something asked for, an error or a hang-up has happened to a descriptor.
  ///
  /// @param eventsA [#POLLIN], [#POLLOUT], [#POLLRDHUP], or'ed; 0 asks for hang-up and errors only
  /// @param fdB another descriptor, or [#NONE]
  /// @param timeoutMs at least 0, or [#FOR_EVER]
  /// @return what has happened, to be taken apart by [#first] and [#second]; 0 if the time is over
  /// @throws PosixException with `EBADF` if a descriptor is not open
  public static int await(int fdA, int eventsA, int fdB, int eventsB, int timeoutMs)
      throws PosixException {
    MemorySegment fds = Scratch.ofThread().arguments();
    put(fds, 0, fdA, eventsA);
    put(fds, POLLFD_BYTES, fdB, eventsB);
    int count = pollUntil(fds.address(), fdB == NONE ? 1 : 2, timeoutMs);
    if (count == 0) {
      return 0;
    }
    int a = fds.get(JAVA_SHORT, REVENTS_OFFSET);
    int b = fds.get(JAVA_SHORT, POLLFD_BYTES + REVENTS_OFFSET);
    if (((a | b) & POLLNVAL) != 0) {
      throw new PosixException("poll of " + ((a & POLLNVAL) != 0 ? fdA : fdB), Errno.EBADF);
    }
    return a | b << SECOND_SHIFT;
  }

  /// What has happened to the first descriptor, out of a result of [#await(int,int,int,int,int)].
  public static int first(int happened) {
    return happened & EVENTS_MASK;
  }

  /// What has happened to the second descriptor, out of a result of [#await(int,int,int,int,int)].
  public static int second(int happened) {
    return happened >>> SECOND_SHIFT;
  }

  private static void put(MemorySegment fds, long start, int fd, int events) {
    fds.set(JAVA_INT, start, fd);
    fds.set(JAVA_SHORT, start + EVENTS_OFFSET, (short) events);
    fds.set(JAVA_SHORT, start + REVENTS_OFFSET, (short) 0);
  }

  /// Polls, and after a signal again for what is left of the time.
  private static int pollUntil(long fds, int count, int timeoutMs) throws PosixException {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    long result = POLL.once(fds, count, timeoutMs, 0);
    while (result == -Errno.EINTR) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      result = POLL.once(fds, count, timeoutMs < 0 ? FOR_EVER : Math.max(leftMs, 0), 0);
    }
    if (Native.failed(result)) {
      throw new PosixException(POLL.name(), (int) -result);
    }
    return (int) result;
  }
}
