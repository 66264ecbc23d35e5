package dev.vinery.client;

import dev.vinery.posix.Poll;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// How a thread waits for the bytes of a reply: it polls the socket for a moment, or it sleeps at
/// once.
///
/// **Idea.** A wake-up costs more than the work of a small call, so polling may make a call several
/// times as fast; where both ends share a core, polling only delays the other end. Which holds is
/// not known beforehand. So both ways are timed, the cheaper one is taken, and now and then the
/// other one is tried again: polling ever more seldom while it has the thread wait for longer than
/// [#HELD_UP_NANOS], because all processors are busy. The kernel lets who gives way wait for a time
/// slice, while who sleeps is woken at once.
///
/// **Cost.** Polling ends after [#POLL_NANOS]; on a machine with one core it never starts. A thread
/// that sleeps wakes up every [#SLICE_MILLIS] to see whether it was interrupted. A virtual thread
/// never sleeps in the kernel, where it would block the thread that carries it: it parks for
/// growing moments.
///
/// Confined to one connection.
final class ReplyWait {
  private static final long POLL_NANOS = 20_000;
  private static final int POLLS_PER_YIELD = 4;
  private static final int SLICE_MILLIS = 50;
  private static final long PARK_NANOS_MIN = 10_000;
  private static final long PARK_NANOS_MAX = 1_000_000;

  /// How long a thread that gives way may have to wait before all processors count as busy.
  private static final long HELD_UP_NANOS = 200_000;

  /// Every so many waits the way that seems dearer is tried.
  private static final int TRIAL_PERIOD = 64;

  /// The same for polling that was found to hold up the thread again and again.
  private static final int MAX_TRIAL_PERIOD = 4096;

  /// Polling burns a core, so it must save at least a tenth.
  private static final double WORTHWHILE = 0.9;

  /// Weight of the newest time in an average.
  private static final double NEWEST = 1.0 / 16;

  private static final boolean CORES_TO_SPARE = Runtime.getRuntime().availableProcessors() > 1;

  private double pollingNanos;
  private double sleepingNanos;
  private int pollingTrialPeriod = TRIAL_PERIOD;
  private boolean heldUp;
  private int waits;

  /// Takes bytes that have come, or waits until some do.
  ///
  /// @param deadlineNanos when to give up, as [System#nanoTime()] counts
  /// @return how many bytes were put at `offset`, or 0 at end of file
  /// @throws InterruptedException if the thread was interrupted while it waited
  /// @throws TimeoutException if the deadline has passed
  int receive(int fd, MemorySegment buffer, long offset, long length, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException {
    int count = UnixSocket.tryReceive(fd, buffer, offset, length);
    if (count != UnixSocket.WOULD_BLOCK) {
      return count;
    }
    boolean polling = CORES_TO_SPARE && worthPolling();
    long start = System.nanoTime();
    if (polling) {
      count = poll(fd, buffer, offset, length, start + POLL_NANOS);
    }
    while (count == UnixSocket.WOULD_BLOCK) {
      awaitReadable(fd, deadlineNanos);
      count = UnixSocket.tryReceive(fd, buffer, offset, length);
    }
    learn(polling, System.nanoTime() - start);
    return count;
  }

  private boolean worthPolling() {
    boolean better = pollingNanos < sleepingNanos * WORTHWHILE;
    boolean trial = waits++ % (better ? TRIAL_PERIOD : pollingTrialPeriod) == 0;
    return trial != better;
  }

  private void learn(boolean polling, long nanos) {
    if (polling && heldUp) {
      pollingNanos = nanos;
      pollingTrialPeriod = Math.min(2 * pollingTrialPeriod, MAX_TRIAL_PERIOD);
    } else if (polling) {
      boolean again = pollingTrialPeriod > TRIAL_PERIOD; // what was learnt in a crowd holds no more
      pollingNanos = again ? nanos : pollingNanos + (nanos - pollingNanos) * NEWEST;
      pollingTrialPeriod = TRIAL_PERIOD;
    } else {
      sleepingNanos += (nanos - sleepingNanos) * NEWEST;
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // on a shared core the daemon runs only if this yields
  private int poll(int fd, MemorySegment buffer, long offset, long length, long untilNanos)
      throws PosixException {
    int polls = 0;
    long now = System.nanoTime();
    heldUp = false;
    do {
      int count = UnixSocket.tryReceive(fd, buffer, offset, length);
      if (count != UnixSocket.WOULD_BLOCK) {
        return count;
      }
      if (++polls % POLLS_PER_YIELD == 0) {
        Thread.yield();
      }
      long before = now;
      now = System.nanoTime();
      heldUp |= now - before > HELD_UP_NANOS;
    } while (now - untilNanos < 0);
    return UnixSocket.WOULD_BLOCK;
  }

  /// Waits until bytes or end of file can be taken.
  static void awaitReadable(int fd, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException {
    await(fd, Poll.POLLIN, deadlineNanos);
  }

  /// Waits until a few tens of kilobytes can be sent without blocking.
  static void awaitWritable(int fd, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException {
    await(fd, Poll.POLLOUT, deadlineNanos);
  }

  private static void await(int fd, int event, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException {
    boolean parks = Thread.currentThread().isVirtual();
    long parkNanos = PARK_NANOS_MIN;
    while (Poll.await(fd, event, parks ? 0 : sliceMillis(deadlineNanos)) == 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (System.nanoTime() - deadlineNanos >= 0) {
        throw new TimeoutException();
      }
      if (parks) {
        LockSupport.parkNanos(parkNanos);
        parkNanos = Math.min(2 * parkNanos, PARK_NANOS_MAX);
      }
    }
  }

  private static int sliceMillis(long deadlineNanos) {
    long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()) + 1;
    return Math.clamp(leftMillis, 0, SLICE_MILLIS);
  }
}
