package dev.vinery.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/// What this daemon fetches from others: each on a virtual thread of its own, a few at a time.
///
/// Safe for use by several threads.
final class Transfers implements AutoCloseable {
  /// Transfers at a time; more wait for one to end.
  static final int MAX_AT_ONCE = 16;

  /// How long those that are cut off may take to end when the daemon stops.
  private static final Duration END_WAIT = Duration.ofSeconds(5);

  private static final Logger log = System.getLogger(Transfers.class.getName());

  private final Deadlines deadlines = new Deadlines(Deadlines.PERIOD);
  private final Semaphore free = new Semaphore(MAX_AT_ONCE, true);
  private final Set<Thread> threads = new HashSet<>();
  private volatile Thread.UncaughtExceptionHandler fatal =
      (thread, broken) -> log.log(Level.ERROR, "thread=" + thread.getName(), broken);
  private boolean closed;

  /// Begins to watch deadlines.
  ///
  /// @param handler told of a broken invariant
  void start(Thread.UncaughtExceptionHandler handler) {
    fatal = handler;
    deadlines.start();
  }

  /// Where links to other instances have their deadlines.
  Deadlines deadlines() {
    return deadlines;
  }

  /// Has `transfer` done, unless the daemon is closed first. It ends soon when it is interrupted.
  void begin(String name, Runnable transfer) {
    Thread thread =
        Thread.ofVirtual()
            .name("vinery-transfer-" + name)
            .uncaughtExceptionHandler(fatal)
            .unstarted(() -> run(transfer));
    synchronized (this) {
      if (closed) {
        return;
      }
      threads.add(thread);
    }
    thread.start();
  }

  private void run(Runnable transfer) {
    try {
      free.acquire();
      try {
        transfer.run();
      } finally {
        free.release();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (this) {
        threads.remove(Thread.currentThread());
      }
    }
  }

  /// Cuts off what is under way, and waits until it has let go of the memory. Without the store
  /// lock.
  @Override
  public void close() {
    List<Thread> ending;
    synchronized (this) {
      closed = true;
      ending = List.copyOf(threads);
    }
    ending.forEach(Thread::interrupt);
    deadlines.close();
    try {
      for (Thread thread : ending) {
        if (!thread.join(END_WAIT)) {
          log.log(Level.WARNING, "a transfer does not end: thread={0}", thread.getName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
