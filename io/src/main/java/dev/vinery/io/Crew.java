package dev.vinery.io;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Threads that carry out tasks side by side, until all are done or one fails. Safe for use by
/// several threads.
final class Crew implements AutoCloseable {
  /// Something to be done by one thread.
  interface Task {
    void run() throws IOException;
  }

  private final Queue<Task> tasks;
  private final List<Thread> threads;
  private final boolean interruptible;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;

  /// Begins.
  ///
  /// @param size how many threads there are at most
  /// @param interruptible whether tasks that wait may be interrupted; they may not while they use a
  ///   connection that others use, too
  Crew(int size, List<? extends Task> tasks, boolean interruptible) {
    this.tasks = new ConcurrentLinkedQueue<>(tasks);
    this.interruptible = interruptible;
    this.threads =
        java.util.stream.IntStream.range(0, Math.min(size, tasks.size()))
            .mapToObj(
                i -> Thread.ofPlatform().daemon().name("vinery-io-" + i).unstarted(this::work))
            .toList();
  }

  /// Starts the threads.
  void start() {
    threads.forEach(Thread::start);
  }

  /// Carries out tasks. A thread begins with one in any case, so that it can clean up after itself.
  private void work() {
    Task task = tasks.poll();
    while (task != null) {
      try {
        task.run();
      } catch (IOException | RuntimeException | Error e) {
        failure.compareAndSet(null, e);
        stop();
      }
      task = stopped ? null : tasks.poll();
    }
  }

  /// Whether tasks should end early, because another one has failed or nobody wants them.
  boolean stopped() {
    return stopped;
  }

  /// Why the first task failed that did; null if none has.
  @Nullable Throwable failure() {
    return failure.get();
  }

  private void stop() {
    stopped = true;
    if (interruptible) {
      threads.forEach(Thread::interrupt); // this one has nothing more to wait for
    }
  }

  /// Waits until all is done.
  ///
  /// @throws IOException if a task failed with one
  void join() throws IOException, InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    switch (failure.get()) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError("tasks throw nothing else", e);
    }
  }

  /// Has all tasks end early, and waits until they have. Closing twice is fine.
  @Override
  public void close() {
    stop();
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
