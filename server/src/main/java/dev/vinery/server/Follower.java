package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.MetadataStore.Listing;
import dev.vinery.metadata.Watch;
import dev.vinery.metadata.WatchListener;
import dev.vinery.protocol.MetadataException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Brings the tables to what the shared metadata store says, revision by revision, and knows how
/// far they are.
///
/// It stops by itself where it may not go on: when others have taken this daemon for dead, so that
/// what they delete then is not deleted here, and when revisions are missing. [#start] reads
/// everything and goes on from there.
///
/// The watch's thread takes the store lock for one revision at a time. Safe for use by several
/// threads.
final class Follower implements AutoCloseable {
  private final MetadataStore store;
  private final ClusterKeys keys;
  private final Lock storeLock;
  private final Instances instances;
  private final String ownLife;
  private final String ownRegistration;

  /// Guarded by the store lock.
  private final PriorityQueue<Wait> waits =
      new PriorityQueue<>(Comparator.comparingLong(Wait::revision));

  /// The newest revision that the tables show. Guarded by the store lock.
  private long applied;

  /// What follows at the moment; null if nothing does. Guarded by the store lock.
  private @Nullable Following following;

  /// Guarded by the store lock.
  private boolean closed;

  private record Wait(long revision, Runnable then) {}

  /// @param instanceId this daemon's
  Follower(
      MetadataStore store, ClusterKeys keys, Lock storeLock, Instances instances, long instanceId) {
    this.store = store;
    this.keys = keys;
    this.storeLock = storeLock;
    this.instances = instances;
    this.ownLife = keys.alive(instanceId);
    this.ownRegistration = keys.session().instance(instanceId, Registration.HOST_ID);
  }

  /// Reads everything into the tables, and follows from there. Waits for the metadata store.
  ///
  /// @param registered whether this daemon has been registered without a break
  /// @param stopped called, not under the store lock, when it stops by itself
  /// @param fatal told of a broken invariant
  /// @return what this daemon has stored and the store has lost
  /// @throws MetadataException if the store cannot be reached
  Lost start(
      Replica replica,
      boolean registered,
      Runnable stopped,
      Thread.UncaughtExceptionHandler fatal) {
    Listing listing = store.list(keys.allOfSession());
    // What has changed since the first listing is reported again, in order, and so does no harm.
    Listing alive = store.list(keys.allAlive());
    storeLock.lock();
    try {
      stop();
      boolean intact = registered && listing.revision() >= applied;
      Lost lost = replica.reconcile(listing.entries(), intact);
      alive.entries().forEach(entry -> noteLife(entry.key(), true));
      applied = listing.revision();
      if (!closed) {
        following = new Following(replica, stopped, fatal);
        following.watch = store.watch(keys.everything(), applied + 1, following);
      }
      due(intact).forEach(Runnable::run);
      return lost;
    } finally {
      storeLock.unlock();
    }
  }

  private void stop() {
    if (following != null) {
      following.watch.close();
      following = null;
    }
  }

  private void noteLife(String key, boolean lives) {
    OptionalLong who = keys.whoLives(key);
    if (who.isPresent()) {
      instances.alive(who.getAsLong(), lives);
    }
  }

  /// @param inOrder whether revisions count as they did; otherwise everybody waits in vain
  private List<Runnable> due(boolean inOrder) {
    List<Runnable> due = new ArrayList<>();
    while (!waits.isEmpty() && (!inOrder || waits.element().revision() <= applied)) {
      due.add(waits.remove().then());
    }
    return due;
  }

  /// The newest revision that the tables show; 0 while nothing is followed. To be called under the
  /// store lock.
  long applied() {
    return following == null ? 0 : applied;
  }

  boolean isFollowing() {
    return following != null;
  }

  /// Runs `then` under the store lock when the tables show a revision, now if they do. To be called
  /// under the store lock.
  void await(long revision, Runnable then) {
    if (following != null && revision <= applied) {
      then.run();
    } else {
      waits.add(new Wait(revision, then));
    }
  }

  /// Waits until the tables show a revision. To be called without the store lock.
  void awaitHere(long revision) throws InterruptedException {
    var shown = new CountDownLatch(1);
    storeLock.lock();
    try {
      await(revision, shown::countDown);
    } finally {
      storeLock.unlock();
    }
    shown.await();
  }

  @Override
  public void close() {
    storeLock.lock();
    try {
      closed = true;
      stop();
    } finally {
      storeLock.unlock();
    }
  }

  /// One watch. What it reports after it was replaced does not count.
  private final class Following implements WatchListener {
    private final Replica replica;
    private final Runnable stopped;
    private final Thread.UncaughtExceptionHandler fatal;
    private Watch watch = () -> {};

    Following(Replica replica, Runnable stopped, Thread.UncaughtExceptionHandler fatal) {
      this.replica = replica;
      this.stopped = stopped;
      this.fatal = fatal;
    }

    @Override
    public void changed(long revision, List<Change.OfKey> changes) {
      boolean disowned = false;
      storeLock.lock();
      try {
        if (following == this && revision > applied) {
          disowned = changes.stream().anyMatch(this::disowns);
          if (disowned) {
            stop();
          } else {
            apply(revision, changes);
          }
        }
      } catch (RuntimeException | Error broken) {
        fatal.uncaughtException(Thread.currentThread(), broken);
      } finally {
        storeLock.unlock();
      }
      if (disowned) {
        stopped.run();
      }
    }

    private boolean disowns(Change.OfKey change) {
      return change instanceof Change.Delete(var key)
          && (key.equals(ownLife) || key.equals(ownRegistration));
    }

    private void apply(long revision, List<Change.OfKey> changes) {
      for (Change.OfKey change : changes) {
        noteLife(change.key(), change instanceof Change.Put);
      }
      replica.apply(changes);
      applied = revision;
      due(true).forEach(Runnable::run);
    }

    @Override
    public void compacted(long oldestRevision) {
      storeLock.lock();
      try {
        if (following == this) {
          stop();
        }
      } finally {
        storeLock.unlock();
      }
      stopped.run();
    }
  }
}
