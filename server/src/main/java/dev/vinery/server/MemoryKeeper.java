package dev.vinery.server;

import dev.vinery.posix.PosixException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Touches pages in the background: makes some present ahead of the memory handed out, and gives
/// back those of freed memory above a watermark.
///
/// Writing a page for the first time costs the kernel some microseconds, so who puts an object into
/// fresh memory waits for that. Small pages already handed out are left to who writes them:
/// populating those, too, takes a core from the writer and gains nothing. Huge pages are made in
/// front of the writer, whom that makes several times as fast. Sleeps when nothing is to do.
final class MemoryKeeper implements AutoCloseable {
  /// Bytes that are present ahead of what is handed out, once anything is.
  static final long AHEAD_BYTES = 32L << 20;

  /// The share of the memory limit that freed memory may keep warm.
  private static final int WARM_SHARE = 4;

  private static final Logger log = System.getLogger(MemoryKeeper.class.getName());

  private final ReentrantLock storeLock;
  private final MemoryPool pool;
  private final boolean reserve;
  private final Condition work;
  private final Thread thread;
  private boolean closed;

  /// @param reserve whether all memory is made present, and not just some ahead
  MemoryKeeper(ReentrantLock storeLock, MemoryPool pool, boolean reserve) {
    this.storeLock = storeLock;
    this.pool = pool;
    this.reserve = reserve;
    this.work = storeLock.newCondition();
    this.thread = Thread.ofPlatform().name("vinery-memory").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Wakes the keeper if there is something to do. Under the store lock.
  void look() {
    if (hasWork()) {
      work.signal();
    }
  }

  private void run() {
    try {
      for (long frontier = await(); frontier >= 0; frontier = await()) {
        if (!pool.prepare() && pool.populate(frontier, goalBytes(frontier))) {
          pool.trim(warmLimitBytes());
        }
      }
    } catch (PosixException e) {
      log.log(Level.WARNING, "memory is no longer prepared in the background: " + e.getMessage());
    }
  }

  /// Stops the keeper and waits for the step it is at.
  @Override
  public void close() {
    storeLock.lock();
    try {
      closed = true;
      work.signal();
    } finally {
      storeLock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits for something to do.
  ///
  /// @return the end of the memory handed out, from where on pages are wanted; or -1 at the end
  private long await() {
    storeLock.lock();
    try {
      while (!closed && !hasWork()) {
        work.awaitUninterruptibly();
      }
      return closed ? -1 : pool.frontierBytes();
    } finally {
      storeLock.unlock();
    }
  }

  private boolean hasWork() {
    long frontier = pool.frontierBytes();
    return pool.canPrepare()
        || Math.max(pool.populatedBytes(), frontier) < goalBytes(frontier)
        || pool.canTrim(warmLimitBytes());
  }

  /// A daemon that was never asked for memory takes none; nor does one that has handed out all.
  private long goalBytes(long frontier) {
    if (reserve) {
      return pool.limitBytes();
    }
    return frontier == 0 ? 0 : Math.min(frontier + AHEAD_BYTES, pool.limitBytes());
  }

  private long warmLimitBytes() {
    return pool.limitBytes() / WARM_SHARE;
  }
}
