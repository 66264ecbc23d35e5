package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.MetadataStore.Listing;
import dev.vinery.metadata.Watch;
import dev.vinery.metadata.WatchListener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Brings the tables to what the shared metadata store says, revision by revision, and knows how
/// far they are.
///
/// The watch's thread takes the store lock for one revision at a time. Safe for use by several
/// threads.
final class Follower implements WatchListener, AutoCloseable {
  private final MetadataStore store;
  private final ClusterKeys keys;
  private final Lock storeLock;
  private final Replica replica;
  private final Thread.UncaughtExceptionHandler fatal;

  /// Guarded by the store lock.
  private final PriorityQueue<Wait> waits =
      new PriorityQueue<>(Comparator.comparingLong(Wait::revision));

  /// The newest revision that the tables show. Guarded by the store lock.
  private long applied;

  /// Guarded by the store lock.
  private @Nullable Watch watch;

  /// Guarded by the store lock.
  private boolean closed;

  private record Wait(long revision, Runnable then) {}

  /// @param fatal told of a broken invariant
  Follower(
      MetadataStore store,
      ClusterKeys keys,
      Lock storeLock,
      Replica replica,
      Thread.UncaughtExceptionHandler fatal) {
    this.store = store;
    this.keys = keys;
    this.storeLock = storeLock;
    this.replica = replica;
    this.fatal = fatal;
  }

  /// Reads everything, and follows from there. Waits for the metadata store.
  void start() {
    Listing listing = store.list(keys.allOfSession());
    // What has changed since the listing is reported again, in order, and so does no harm.
    Listing alive = store.list(keys.allAlive());
    storeLock.lock();
    try {
      replica.load(listing.entries());
      replica.load(alive.entries());
      applied = listing.revision();
      if (!closed) {
        watch = store.watch(keys.everything(), applied + 1, this);
      }
    } finally {
      storeLock.unlock();
    }
  }

  @Override
  public void changed(long revision, List<Change.OfKey> changes) {
    storeLock.lock();
    try {
      replica.apply(changes);
      applied = revision;
      for (Runnable due : due()) {
        due.run();
      }
    } catch (RuntimeException | Error broken) {
      fatal.uncaughtException(Thread.currentThread(), broken);
    } finally {
      storeLock.unlock();
    }
  }

  private List<Runnable> due() {
    List<Runnable> due = new ArrayList<>();
    while (!waits.isEmpty() && waits.element().revision() <= applied) {
      due.add(waits.remove().then());
    }
    return due;
  }

  @Override
  public void compacted(long oldestRevision) {
    start();
  }

  /// Runs `then` under the store lock when the tables show a revision, now if they do. To be called
  /// under the store lock.
  void await(long revision, Runnable then) {
    if (revision <= applied) {
      then.run();
    } else {
      waits.add(new Wait(revision, then));
    }
  }

  @Override
  public void close() {
    storeLock.lock();
    try {
      closed = true;
      if (watch != null) {
        watch.close();
      }
    } finally {
      storeLock.unlock();
    }
  }
}
