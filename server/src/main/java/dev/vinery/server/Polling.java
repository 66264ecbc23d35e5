package dev.vinery.server;

import java.util.concurrent.atomic.AtomicInteger;

/// Decides whether a connection looks for its next request for a moment before it sleeps.
///
/// Waking a thread costs more than most requests, so looking pays while requests follow each other
/// closely; it costs a core, so it is allowed to fewer connections than there are cores, and stops
/// when it has been in vain. One instance for each connection; the count of those that look is
/// shared. Confined to one connection.
final class Polling {
  /// How long to look, in nanoseconds.
  static final long WINDOW_NANOS = 50_000;

  /// After so many windows in vain a connection sleeps at once.
  private static final int MAX_MISSES = 2;

  /// After so many requests a connection that sleeps at once tries to look again.
  private static final int RETRY_REQUESTS = 64;

  private final AtomicInteger looking;
  private final int maxLooking;
  private int misses;
  private int sleeps;

  /// @param looking connections that look now, of the whole daemon
  /// @param cores that the daemon may run on
  Polling(AtomicInteger looking, int cores) {
    this.looking = looking;
    this.maxLooking = cores - 1;
  }

  /// Asks to look. If this returns true, [#end] must follow.
  boolean begin() {
    if (misses >= MAX_MISSES && ++sleeps < RETRY_REQUESTS) {
      return false;
    }
    sleeps = 0;
    if (looking.incrementAndGet() > maxLooking) {
      looking.decrementAndGet();
      return false;
    }
    return true;
  }

  /// @param found whether something came within the window
  void end(boolean found) {
    looking.decrementAndGet();
    misses = found ? 0 : misses + 1;
  }
}
