package dev.vinery.metadata;

import dev.vinery.metadata.History.Revision;
import dev.vinery.metadata.KeyTable.Bound;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A metadata store in the memory of one daemon, gone with it. Safe for use by several threads.
///
/// One mutex guards the [Ledger] and is held for table updates only, never while a listener runs. A
/// watch has no queue: it is a place in the history, with a virtual thread that reports what comes
/// after that place, so a slow listener costs no memory. It falls out of the history at last, which
/// reaches [History#MAX_REVISIONS] revisions back. A lock is made of keys, one for each who holds
/// it or waits, attached to that one's lease; it belongs to the key that was bound first. Leases
/// that have run out end at the next call, or when a waiting thread sees it, whichever comes first.
public final class EmbeddedMetadataStore implements MetadataStore {
  private final ReentrantLock mutex = new ReentrantLock();
  private final Condition changed = mutex.newCondition();
  private final Ledger ledger;
  private volatile boolean closed;

  /// Makes an empty store.
  ///
  /// @param clock tells when leases run out; other waits go by the machine's own time
  public EmbeddedMetadataStore(InstantSource clock) {
    ledger = new Ledger(clock, changed::signalAll);
  }

  @Override
  public long revision() {
    enter();
    try {
      return ledger.revision();
    } finally {
      mutex.unlock();
    }
  }

  @Override
  public Optional<Entry> get(String key) {
    enter();
    try {
      return Optional.ofNullable(ledger.find(key)).map(EmbeddedMetadataStore::entry);
    } finally {
      mutex.unlock();
    }
  }

  @Override
  public Listing list(String prefix) {
    enter();
    try {
      List<Entry> entries =
          ledger.under(prefix).stream().map(EmbeddedMetadataStore::entry).toList();
      return new Listing(ledger.revision(), entries);
    } finally {
      mutex.unlock();
    }
  }

  private static Entry entry(Bound bound) {
    return new Entry(bound.key(), bound.value(), bound.modRevision());
  }

  @Override
  public CompletionStage<Long> commit(List<Change> changes) {
    List<List<Change>> groups = ChangeGroups.of(changes);
    enter();
    try {
      groups.forEach(ledger::apply);
      return CompletableFuture.completedStage(ledger.revision());
    } catch (MetadataException e) {
      return CompletableFuture.failedStage(e);
    } finally {
      mutex.unlock();
    }
  }

  @Override
  public CompletionStage<OptionalLong> commitIf(
      String key, long modRevision, List<Change> changes) {
    List<List<Change>> groups = ChangeGroups.of(changes);
    if (groups.size() > 1) {
      throw new IllegalArgumentException(
          "%d changes do not fit one group of at most %d changes to different keys"
              .formatted(changes.size(), MAX_CHANGES_PER_COMMIT));
    }
    enter();
    try {
      Bound bound = ledger.find(key);
      if (modRevision != (bound == null ? 0 : bound.modRevision())) {
        return CompletableFuture.completedStage(OptionalLong.empty());
      }
      groups.forEach(ledger::apply);
      return CompletableFuture.completedStage(OptionalLong.of(ledger.revision()));
    } catch (MetadataException e) {
      return CompletableFuture.failedStage(e);
    } finally {
      mutex.unlock();
    }
  }

  @Override
  public Watch watch(String prefix, long fromRevision, WatchListener listener) {
    if (fromRevision < 1) {
      throw new IllegalArgumentException("revisions start at 1: " + fromRevision);
    }
    enter();
    try {
      var watch = new EmbeddedWatch(prefix, fromRevision, listener);
      Thread.ofVirtual().name("metadata-watch " + prefix).start(watch::run);
      return watch;
    } finally {
      mutex.unlock();
    }
  }

  @Override
  public Lease grant(Duration time) {
    if (!time.isPositive() || time.compareTo(MAX_LEASE_TIME) > 0) {
      throw new IllegalArgumentException(
          "a lease lasts from above zero to %s: %s".formatted(MAX_LEASE_TIME, time));
    }
    enter();
    try {
      return new EmbeddedLease(ledger.grant(time));
    } finally {
      mutex.unlock();
    }
  }

  @Override
  public Optional<KeyLock> lock(String key, Lease lease, Duration timeout)
      throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    String prefix = key + "/";
    String holdKey = prefix + Long.toHexString(lease.id());
    enter();
    try {
      if (ledger.find(holdKey) != null) {
        throw new IllegalStateException("the lease has or awaits the lock already: " + holdKey);
      }
      ledger.apply(List.of(new Change.LeasedPut(holdKey, "", lease.id())));
      var hold = new EmbeddedLock(holdKey, ledger.revision());
      boolean granted = false;
      try {
        granted = awaitTurn(prefix, hold, deadlineNanos);
      } finally {
        if (!granted) {
          hold.release();
        }
      }
      return granted ? Optional.of(hold) : Optional.empty();
    } finally {
      mutex.unlock();
    }
  }

  /// Waits until no key under `prefix` is older than the hold.
  ///
  /// @return whether that came before the deadline
  private boolean awaitTurn(String prefix, EmbeddedLock hold, long deadlineNanos)
      throws InterruptedException {
    while (true) {
      requireOpen();
      ledger.endLeasesThatRanOut();
      if (!hold.stands()) {
        throw new MetadataException(
            Status.ETCD_ERROR, "the lease has ended, or the key was deleted: " + hold.key);
      }
      if (ledger.under(prefix).stream().allMatch(bound -> bound.createRevision() >= hold.since)) {
        return true;
      }
      long leftNanos = deadlineNanos - System.nanoTime();
      if (leftNanos <= 0) {
        return false;
      }
      var _ = changed.awaitNanos(Math.min(leftNanos, nanosUntilLeaseEnd()));
    }
  }

  private long nanosUntilLeaseEnd() {
    return TimeUnit.NANOSECONDS.convert(ledger.untilLeaseEnd());
  }

  @Override
  public void close() {
    mutex.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      mutex.unlock();
    }
  }

  /// Takes the mutex for a call. If this throws, the mutex is free.
  private void enter() {
    mutex.lock();
    boolean entered = false;
    try {
      requireOpen();
      ledger.endLeasesThatRanOut();
      entered = true;
    } finally {
      if (!entered) {
        mutex.unlock();
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the metadata store is closed");
    }
  }

  /// A place in the history, and a thread that moves it on.
  private final class EmbeddedWatch implements Watch {
    private final String prefix;
    private final WatchListener listener;

    /// The next revision to report. Confined to the watch's thread.
    private long next;

    private volatile boolean over;

    EmbeddedWatch(String prefix, long fromRevision, WatchListener listener) {
      this.prefix = prefix;
      this.listener = listener;
      this.next = Math.max(fromRevision, Ledger.EMPTY_REVISION + 1);
    }

    void run() {
      try {
        while (awaitNext()) {
          report();
        }
      } catch (InterruptedException byListener) {
        Thread.currentThread().interrupt();
      }
    }

    /// Returns whether there is something to report; if not, the watch is over.
    private boolean awaitNext() throws InterruptedException {
      mutex.lock();
      try {
        while (!over && !closed && next > ledger.revision()) {
          var _ = changed.awaitNanos(nanosUntilLeaseEnd());
          ledger.endLeasesThatRanOut();
        }
        return !over && !closed;
      } finally {
        mutex.unlock();
      }
    }

    /// Reports from copies, so that the listener runs without the mutex.
    private void report() {
      long oldest;
      List<Revision> revisions;
      mutex.lock();
      try {
        oldest = ledger.oldestRevision();
        revisions = ledger.revisionsFrom(next);
      } finally {
        mutex.unlock();
      }
      if (next < oldest) {
        over = true;
        listener.compacted(oldest);
        return;
      }
      for (Revision revision : revisions) {
        if (over || closed) {
          return;
        }
        listener.changed(revision.number(), revision.changesUnder(prefix));
      }
      next = revisions.getLast().number() + 1;
    }

    @Override
    public void close() {
      mutex.lock();
      try {
        over = true;
        changed.signalAll();
      } finally {
        mutex.unlock();
      }
    }
  }

  private final class EmbeddedLease implements Lease {
    private final long id;

    EmbeddedLease(long id) {
      this.id = id;
    }

    @Override
    public long id() {
      return id;
    }

    @Override
    public void keepAlive() {
      enter();
      try {
        ledger.keepAlive(id);
      } finally {
        mutex.unlock();
      }
    }

    @Override
    public void revoke() {
      enter();
      try {
        ledger.revoke(id);
      } finally {
        mutex.unlock();
      }
    }
  }

  /// A key that stands for holding a lock, or for waiting for it.
  private final class EmbeddedLock implements KeyLock {
    private final String key;

    /// The revision that bound the key; another hold of the same lease has another.
    private final long since;

    EmbeddedLock(String key, long since) {
      this.key = key;
      this.since = since;
    }

    boolean stands() {
      Bound bound = ledger.find(key);
      return bound != null && bound.createRevision() == since;
    }

    void release() {
      if (stands()) {
        ledger.apply(List.of(new Change.Delete(key)));
      }
    }

    @Override
    public String key() {
      return key;
    }

    @Override
    public void close() {
      mutex.lock();
      try {
        release();
      } finally {
        mutex.unlock();
      }
    }
  }
}
