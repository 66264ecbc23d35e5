package dev.vinery.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Ends what takes longer than it may, within two periods of that.
///
/// One thread looks at all of them once in a period while a deadline stands anywhere, and sleeps
/// otherwise: so a deadline costs its owner two stores, and clients that are merely connected cost
/// nothing. Safe for use by several threads.
final class Deadlines implements AutoCloseable {
  /// How often a daemon looks.
  static final Duration PERIOD = Duration.ofSeconds(1);

  private final Set<Timed> all = ConcurrentHashMap.newKeySet();
  private final Thread thread = Thread.ofVirtual().name("vinery-deadlines").unstarted(this::watch);
  private final Duration period;
  private volatile boolean asleep;
  private volatile boolean closed;

  /// Something with a deadline at times. Safe for use by several threads.
  interface Timed {
    /// Whether a deadline stands.
    boolean timed();

    /// Whether it has passed.
    ///
    /// @param nowNanos as [System#nanoTime()] tells it
    boolean overdue(long nowNanos);

    /// Called when it has passed.
    void expire();
  }

  Deadlines(Duration period) {
    this.period = period;
  }

  void start() {
    thread.start();
  }

  void add(Timed timed) {
    all.add(timed);
  }

  void remove(Timed timed) {
    all.remove(timed);
  }

  /// To be called after something has been given a deadline.
  void begun() {
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  private void watch() {
    while (!closed) {
      LockSupport.parkNanos(this, period.toNanos()); // so that it is woken once in it at most
      if (!look()) {
        asleep = true;
        if (!look() && !closed) { // now that whoever begins would see that nobody looks
          LockSupport.park(this);
        }
        asleep = false;
      }
    }
  }

  /// @return whether any deadline stands
  private boolean look() {
    long nowNanos = System.nanoTime();
    boolean any = false;
    for (Timed timed : all) {
      if (timed.overdue(nowNanos)) {
        timed.expire();
      } else if (timed.timed()) {
        any = true;
      }
    }
    return any;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
