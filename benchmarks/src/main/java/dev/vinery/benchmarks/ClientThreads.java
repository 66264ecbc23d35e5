package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One turn: the threads of all clients of a contender, from a common start. Confined to one
/// thread, which waits for them.
final class ClientThreads {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Load load;
  private final List<Worker> workers;
  private final int steps;
  private final Phaser barrier;
  private final long[] startNanos;
  private final long[] endNanos;
  private final long[][] times;
  private volatile @Nullable Throwable failure;

  private ClientThreads(Load load, List<Worker> workers, int steps) {
    this.load = load;
    this.workers = workers;
    this.steps = steps;
    this.barrier = new Phaser(workers.size());
    this.startNanos = new long[workers.size()];
    this.endNanos = new long[workers.size()];
    this.times = new long[workers.size()][steps];
  }

  /// @param workers one for each client
  /// @param steps how many each does
  static Turn run(Load load, List<Worker> workers, int steps) {
    return new ClientThreads(load, workers, steps).run();
  }

  private Turn run() {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < workers.size(); i++) {
      int client = i;
      threads.add(Thread.ofPlatform().name("client-" + i).start(() -> runClient(client)));
    }
    threads.forEach(ClientThreads::join);
    Throwable failed = failure;
    if (failed != null) {
      throw new IllegalStateException(load.name() + " failed: " + failed.getMessage(), failed);
    }
    return turn();
  }

  private void runClient(int client) {
    try {
      Worker worker = workers.get(client);
      worker.prepare(steps);
      if (awaitOthers()) {
        startNanos[client] = System.nanoTime();
        step(worker, times[client]);
        endNanos[client] = System.nanoTime();
      }
      if (awaitOthers()) { // nobody clears away while others are timed
        worker.finish(steps);
      }
    } catch (PosixException | RuntimeException | Error e) {
      failure = e;
      barrier.forceTermination();
    }
  }

  /// @return whether all have come so far; not if one has failed
  private boolean awaitOthers() {
    return barrier.arriveAndAwaitAdvance() >= 0;
  }

  private void step(Worker worker, long[] nanos) throws PosixException {
    long paceNanos = load.perSecond() == Load.HOT ? 0 : NANOS_PER_SECOND / load.perSecond();
    long dueNanos = System.nanoTime();
    for (int i = 0; i < nanos.length; i++) {
      if (paceNanos > 0) {
        dueNanos += paceNanos;
        awaitDue(dueNanos);
      }
      long start = System.nanoTime();
      worker.step(i);
      nanos[i] = System.nanoTime() - start;
      worker.undo(i);
    }
  }

  private static void awaitDue(long dueNanos) {
    long left = dueNanos - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = dueNanos - System.nanoTime();
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Turn turn() {
    var all = new long[workers.size() * steps];
    long start = startNanos[0];
    long end = endNanos[0];
    for (int client = 0; client < workers.size(); client++) {
      System.arraycopy(times[client], 0, all, client * steps, steps);
      start = Math.min(start, startNanos[client]);
      end = Math.max(end, endNanos[client]);
    }
    var percentiles = new Percentiles(all);
    return load.undone() ? Turn.ofSteps(percentiles) : Turn.ofClients(percentiles, end - start);
  }
}
