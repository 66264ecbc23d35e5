package dev.vinery.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/// The processes we have started and not yet stopped. Whatever way this program ends, they end with
/// it. Safe for use by several threads.
final class Children implements AutoCloseable {
  private static final long STOP_SECONDS = 10;

  private final List<Process> alive = new ArrayList<>();
  private final Thread atExit = new Thread(this::stopAll, "stop-children");
  private boolean closed;

  Children() {
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  synchronized void add(Process child) {
    alive.add(child);
    if (closed) { // the program is ending while another thread still starts things
      stopAll();
    }
  }

  /// Asks a process to end, and ends it by force if it does not.
  ///
  /// @return whether it ended when asked
  boolean stop(Process child) {
    child.destroy();
    boolean ended = false;
    try {
      ended = child.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      child.destroyForcibly().onExit().join();
    }
    synchronized (this) {
      alive.remove(child);
    }
    return ended;
  }

  /// This process and its living children.
  synchronized long[] pids() {
    return LongStream.concat(
            LongStream.of(ProcessHandle.current().pid()),
            alive.stream().filter(Process::isAlive).mapToLong(Process::pid))
        .toArray();
  }

  private void stopAll() {
    List<Process> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(alive);
    }
    left.forEach(this::stop);
  }

  @Override
  public void close() {
    stopAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException ending) {
      return; // the program is ending already, and the hook runs
    }
  }
}
