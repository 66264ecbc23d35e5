package dev.vinery.server;

import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.MetadataException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;

/// Lets requests wait until the tables show everything that was stored before they came.
///
/// The store is asked for its newest revision, then the [Follower] has to come there. All requests
/// that come while the store is being asked share the next question: whoever came before a question
/// was asked is served by its answer.
///
/// While the store cannot be reached, requests are answered from what is known: at once if that is
/// known, after [ClusterTimes#sync()] otherwise; those to which it is worth no more than a moment,
/// after [#MOMENT]. Guarded by the store lock, but for its thread.
final class Freshness implements AutoCloseable {
  /// How long those wait to whom it is worth no more than a moment.
  private static final Duration MOMENT = Duration.ofMillis(100);

  private static final Logger log = System.getLogger(Freshness.class.getName());

  private final MetadataStore store;
  private final Lock storeLock;
  private final Follower follower;
  private final long patienceNanos;
  private final Semaphore asked = new Semaphore(0);
  private final Thread thread = Thread.ofVirtual().name("vinery-freshness").unstarted(this::askAll);
  private List<Reader> toAsk = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private boolean lost;

  /// Whether the store has owed an answer for longer than a moment.
  private boolean late;

  private volatile boolean closed;

  /// A request that waits. Guarded by the store lock.
  private static final class Reader {
    private final Answer.Later answer = new Answer.Later(() -> {});
    private final long sinceNanos = System.nanoTime();
    private final boolean brief;
    private boolean over;

    Reader(boolean brief) {
      this.brief = brief;
    }

    void end() {
      if (!over) {
        over = true;
        answer.come();
      }
    }
  }

  Freshness(MetadataStore store, Lock storeLock, Follower follower, ClusterTimes times) {
    this.store = store;
    this.storeLock = storeLock;
    this.follower = follower;
    this.patienceNanos = times.sync().toNanos();
  }

  /// @param fatal told of a broken invariant
  void start(Thread.UncaughtExceptionHandler fatal) {
    thread.setUncaughtExceptionHandler(fatal);
    thread.start();
  }

  /// Whether there is anything to be waited for.
  ///
  /// @param brief no longer than a moment
  boolean attainable(boolean brief) {
    return !lost && !(brief && late);
  }

  /// Defers an answer until the tables are fresh.
  ///
  /// @param brief no longer than a moment
  Answer.Later await(boolean brief) {
    var reader = new Reader(brief);
    readers.add(reader);
    toAsk.add(reader);
    if (toAsk.size() == 1) {
      asked.release();
    }
    return reader.answer;
  }

  /// Notes whether the store can be reached. Those who wait for it in vain wait no longer.
  void reached(boolean reached) {
    if (lost == reached) {
      log.log(
          Level.WARNING,
          reached
              ? "the cluster's metadata store is back"
              : "the cluster's metadata store is lost: answering from what is known");
    }
    lost = !reached;
    if (lost) {
      readers.forEach(Reader::end);
      readers.clear();
    }
  }

  /// Ends what has waited for too long. To be called now and then.
  void look() {
    long nowNanos = System.nanoTime();
    for (Iterator<Reader> left = readers.iterator(); left.hasNext(); ) {
      Reader reader = left.next();
      if (reader.over || nowNanos - reader.sinceNanos > patienceNanos) {
        reader.end();
        left.remove();
      }
    }
  }

  private void askAll() {
    try {
      while (!closed) {
        asked.acquire();
        List<Reader> mine;
        storeLock.lock();
        try {
          mine = toAsk;
          toAsk = new ArrayList<>();
        } finally {
          storeLock.unlock();
        }
        ask(mine);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /// Asks on a thread of its own, which may take longer than anybody waits.
  private CompletableFuture<Long> newestRevision() {
    var answer = new CompletableFuture<Long>();
    Thread.ofVirtual()
        .name("vinery-fresh")
        .start(() -> {
          try {
            answer.complete(store.revision());
          } catch (MetadataException | IllegalStateException failed) {
            answer.completeExceptionally(failed);
          }
        });
    return answer;
  }

  private void ask(List<Reader> mine) throws InterruptedException {
    long revision = 0;
    boolean reached = true;
    CompletableFuture<Long> newest = newestRevision();
    try {
      if (!isSoon(newest)) {
        endBrief();
      }
      revision = newest.get(patienceNanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      reached = false;
    }
    storeLock.lock();
    try {
      late = false;
      if (reached) {
        follower.await(
            revision,
            () -> {
              mine.forEach(Reader::end);
              readers.removeIf(reader -> reader.over);
            });
      } else {
        reached(false);
      }
    } finally {
      storeLock.unlock();
    }
  }

  private static boolean isSoon(CompletableFuture<Long> answer) throws InterruptedException {
    try {
      answer.get(MOMENT.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException failed) {
      return true;
    }
  }

  private void endBrief() {
    storeLock.lock();
    try {
      late = true;
      for (Reader reader : readers) {
        if (reader.brief) {
          reader.end();
        }
      }
      readers.removeIf(reader -> reader.over);
    } finally {
      storeLock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
