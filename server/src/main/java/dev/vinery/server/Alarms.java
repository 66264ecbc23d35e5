package dev.vinery.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/// Does things later, under the store lock. There is a thread only while something is to come. Safe
/// for use by several threads.
final class Alarms implements AutoCloseable {
  /// How long the thread stays when nothing is to come.
  private static final Duration IDLE_TIME = Duration.ofMillis(100);

  private static final Logger log = System.getLogger(Alarms.class.getName());

  private final Lock storeLock;
  private final ScheduledThreadPoolExecutor executor;
  private volatile Thread.UncaughtExceptionHandler fatal =
      (thread, broken) -> log.log(Level.ERROR, "thread=" + thread.getName(), broken);

  Alarms(Lock storeLock) {
    this.storeLock = storeLock;
    this.executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("vinery-alarms").daemon().factory());
    executor.setKeepAliveTime(IDLE_TIME.toMillis(), TimeUnit.MILLISECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setRemoveOnCancelPolicy(true);
  }

  /// Says who is told of a broken invariant.
  void start(Thread.UncaughtExceptionHandler handler) {
    fatal = handler;
  }

  /// Has `action` done after some time, unless it is cancelled or the daemon closed before.
  Future<?> after(Duration delay, Runnable action) {
    return executor.schedule(() -> run(action), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void run(Runnable action) {
    try {
      storeLock.lock();
      try {
        action.run();
      } finally {
        storeLock.unlock();
      }
    } catch (RuntimeException | Error broken) {
      fatal.uncaughtException(Thread.currentThread(), broken);
    }
  }

  /// Cancels everything and waits for what is being done. Without the store lock.
  @Override
  public void close() {
    executor.shutdownNow();
    boolean interrupted = false;
    while (!executor.isTerminated()) {
      try {
        executor.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
