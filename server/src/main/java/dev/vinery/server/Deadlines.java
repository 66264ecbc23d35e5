package dev.vinery.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Ends what takes longer than it may, within two periods of that.
///
/// One thread looks at every [Deadline] once in a period while one stands anywhere, and sleeps
/// otherwise: so a deadline costs its owner two stores, and clients that are merely connected cost
/// nothing. Safe for use by several threads.
final class Deadlines implements AutoCloseable {
  /// How often a daemon looks.
  static final Duration PERIOD = Duration.ofSeconds(1);

  private final Set<Deadline> all = ConcurrentHashMap.newKeySet();
  private final Thread thread = Thread.ofVirtual().name("vinery-deadlines").unstarted(this::watch);
  private final Duration period;
  private volatile boolean asleep;
  private volatile boolean closed;

  /// The time by which a peer has to do what it owes; at first, and in between, none stands.
  ///
  /// Set by one thread at a time, which closes it when it sets it no more.
  final class Deadline implements AutoCloseable {
    private static final long NONE = 0;

    private final Runnable expire;
    private volatile long atNanos = NONE;

    private Deadline(Runnable expire) {
      this.expire = expire;
    }

    /// From now on, something is owed within `limit`.
    void begin(Duration limit) {
      beginUntil(System.nanoTime() + limit.toNanos());
    }

    /// From now on, something is owed.
    ///
    /// @param timeNanos by when, as [System#nanoTime()] tells it
    void beginUntil(long timeNanos) {
      atNanos = timeNanos == NONE ? timeNanos + 1 : timeNanos;
      if (asleep) {
        LockSupport.unpark(thread);
      }
    }

    /// What was owed has come.
    void done() {
      atNanos = NONE;
    }

    /// @return whether it stands and has not passed
    private boolean look(long nowNanos) {
      long owedAt = atNanos;
      if (owedAt == NONE) {
        return false;
      }
      if (owedAt - nowNanos < 0) {
        expire.run();
        return false;
      }
      return true;
    }

    @Override
    public void close() {
      all.remove(this);
    }
  }

  Deadlines(Duration period) {
    this.period = period;
  }

  void start() {
    thread.start();
  }

  /// Makes a deadline.
  ///
  /// @param expire called by another thread when it has passed, once in each period
  Deadline deadline(Runnable expire) {
    var deadline = new Deadline(expire);
    all.add(deadline);
    return deadline;
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
    for (Deadline deadline : all) {
      any |= deadline.look(nowNanos);
    }
    return any;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
