package dev.vinery.server;

import dev.vinery.posix.Processor;
import java.util.concurrent.atomic.AtomicInteger;

/// Looks for the next request of a connection for a moment before its thread sleeps.
///
/// Waking a thread costs more than most requests, so looking pays while requests follow each other
/// closely. It costs a processor, so it is for moments in which nobody else wants one. There are
/// three rules:
///
/// - Fewer connections look at a time than there are processors.
/// - When it was in vain [#MAX_MISSES] times, the connection sleeps at once for a while.
/// - Between two looks others may run. If the thread then has to wait for longer than
///   [#HELD_UP_NANOS], all processors are busy: it sleeps at once for a while, which doubles each
///   time. The kernel lets who gave way wait for a time slice, some milliseconds, while others want
///   to run, but who sleeps is woken at once; so looking in a crowd would make some requests a
///   hundred times as slow as all others.
///
/// One instance for each connection; the count of those that look is shared. Confined to one
/// connection.
final class Polling {
  /// How long to look, in nanoseconds.
  static final long WINDOW_NANOS = 50_000;

  /// How long others may run in between before the processors count as busy, in nanoseconds.
  private static final long HELD_UP_NANOS = 200_000;

  /// After so many windows in vain a connection sleeps at once.
  private static final int MAX_MISSES = 2;

  /// After so many requests a connection that sleeps at once tries to look again.
  private static final int RETRY_REQUESTS = 64;

  /// The same for a connection that has again and again found all processors busy.
  private static final int MAX_RETRY_REQUESTS = 4096;

  /// Asks for bytes without waiting for any.
  ///
  /// @param <E> what it throws when the connection is lost
  interface Attempt<E extends Exception> {
    /// @return what was found, or what stands for nothing
    int receive() throws E;
  }

  private final AtomicInteger looking;
  private final int maxLooking;
  private int retryRequests = RETRY_REQUESTS;
  private int misses;
  private int sleeps;

  /// @param looking connections that look now, of the whole daemon
  /// @param cores that the daemon may run on
  Polling(AtomicInteger looking, int cores) {
    this.looking = looking;
    this.maxLooking = cores - 1;
  }

  /// Looks again and again for a moment, if that is likely to pay.
  ///
  /// @param nothing what the attempt returns when nothing was there
  /// @return what the last attempt found, or `nothing`
  <E extends Exception> int look(Attempt<E> attempt, int nothing) throws E {
    if (!begin()) {
      return nothing;
    }
    try {
      long now = System.nanoTime();
      long deadline = now + WINDOW_NANOS;
      int found;
      boolean heldUp;
      do {
        Processor.giveWay();
        found = attempt.receive();
        long before = now;
        now = System.nanoTime();
        heldUp = now - before > HELD_UP_NANOS;
      } while (found == nothing && now - deadline < 0);
      learn(found != nothing, heldUp);
      return found;
    } finally {
      looking.decrementAndGet();
    }
  }

  private boolean begin() {
    if (misses >= MAX_MISSES && ++sleeps < retryRequests) {
      return false;
    }
    sleeps = 0;
    if (looking.incrementAndGet() > maxLooking) {
      looking.decrementAndGet();
      return false;
    }
    return true;
  }

  private void learn(boolean found, boolean heldUp) {
    if (heldUp) {
      misses = MAX_MISSES;
      retryRequests = Math.min(2 * retryRequests, MAX_RETRY_REQUESTS);
    } else if (found) {
      misses = 0;
      retryRequests = RETRY_REQUESTS;
    } else {
      misses++;
    }
  }
}
