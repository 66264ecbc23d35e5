package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.ChangeGroups;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What is to be stored, in the order in which it was asked for, and how much of it goes into the
/// next transaction: all that is there, up to what one transaction holds.
///
/// Clients that were answered together ask again together, but not at the same instant. If the
/// first of them had a transaction of its own, all others would wait for that one and for theirs.
/// So after a transaction the line waits a moment for as many as asked before that one ended, a
/// fraction of the time that it took.
///
/// Safe for use by several threads, of which one takes groups.
///
/// @param <E> what a request wants to be stored
final class CommitLine<E extends CommitLine.Entry> {
  /// The most that is waited for those who are expected.
  static final Duration MAX_PAUSE = Duration.ofMillis(2);

  /// The part of a transaction's time that may be waited for those who are expected after it.
  private static final int PAUSE_DIVISOR = 3;

  private final BlockingQueue<E> arrived = new LinkedBlockingQueue<>();
  private final Queue<E> line = new ArrayDeque<>();
  private final long maxPauseNanos;
  private final LongSupplier nanoTime;
  private int groupSize;
  private long startNanos;
  private long waitUntilNanos;
  private int expected;

  /// What one request wants to be stored.
  interface Entry {
    List<Change> changes();
  }

  /// @param maxPause the most that is waited for those who are expected
  /// @param nanoTime tells the time as [System#nanoTime()] does
  CommitLine(Duration maxPause, LongSupplier nanoTime) {
    this.maxPauseNanos = maxPause.toNanos();
    this.nanoTime = nanoTime;
  }

  void add(E entry) {
    arrived.add(entry);
  }

  /// Waits for something to store, and takes what goes into one transaction: as many entries as
  /// fit, in their order; at least one.
  List<E> take() throws InterruptedException {
    if (line.isEmpty()) {
      line.add(arrived.take());
    }
    arrived.drainTo(line);
    while (line.size() < expected) {
      E next = arrived.poll(waitUntilNanos - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
      if (next == null) {
        break;
      }
      line.add(next);
      arrived.drainTo(line);
    }
    List<E> group = group();
    groupSize = group.size();
    startNanos = nanoTime.getAsLong();
    return group;
  }

  /// Notes that the transaction of the group taken last has ended, one way or the other.
  void ended() {
    long nowNanos = nanoTime.getAsLong();
    arrived.drainTo(line);
    expected = groupSize + line.size();
    waitUntilNanos = nowNanos + Math.min(maxPauseNanos, (nowNanos - startNanos) / PAUSE_DIVISOR);
  }

  private List<E> group() {
    List<E> group = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    while (!line.isEmpty()) {
      changes.addAll(line.element().changes());
      boolean fits = ChangeGroups.of(changes).size() == 1;
      if (!group.isEmpty() && !fits) {
        break;
      }
      group.add(line.remove());
      if (!fits) {
        break;
      }
    }
    return group;
  }
}
