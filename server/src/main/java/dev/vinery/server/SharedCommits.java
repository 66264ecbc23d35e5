package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.StoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Stores changes in the metadata store that a cluster shares.
///
/// One transaction is under way at a time; what is asked for meanwhile goes into the next, together
/// ([CommitLine]). So changes to one key are stored in order, and the more clients there are, the
/// more of them share a transaction. It is a virtual thread that waits for the store, another that
/// waits for the cluster's lock on behalf of changes that depend on what is stored. Requests are
/// answered when the [Follower] has brought the tables to the revision of the transaction.
///
/// While the store cannot be reached, changes wait for it, up to [ClusterTimes#commit()].
final class SharedCommits implements Commits, AutoCloseable {
  /// How long to wait before a failed transaction is tried again.
  private static final Duration RETRY_WAIT = Duration.ofMillis(200);

  private final MetadataStore store;
  private final ClusterKeys keys;
  private final Lock storeLock;
  private final Follower follower;
  private final Membership membership;
  private final ClusterTimes times;
  private final CommitLine<Entry> line = new CommitLine<>(CommitLine.MAX_PAUSE, System::nanoTime);
  private final BlockingQueue<Modification> modifications = new LinkedBlockingQueue<>();
  private final Thread committer =
      Thread.ofVirtual().name("vinery-commits").unstarted(this::commitAll);
  private final Thread modifier =
      Thread.ofVirtual().name("vinery-modifications").unstarted(this::modifyAll);
  private volatile boolean closed;

  /// Why the last commit failed; null if it did not. Confined to the committer.
  private @Nullable MetadataException failure;

  /// Requests that are not answered yet. Guarded by the store lock.
  private int waiting;

  /// What one request has stored.
  private record Entry(
      List<Change> changes, Reply done, Ended ended, Answer.Later answer, long deadlineNanos)
      implements CommitLine.Entry {}

  private record Modification(
      Supplier<List<Change>> plan, Reply done, Answer.Later answer, long deadlineNanos) {}

  SharedCommits(
      MetadataStore store,
      ClusterKeys keys,
      Lock storeLock,
      Follower follower,
      Membership membership,
      ClusterTimes times) {
    this.store = store;
    this.keys = keys;
    this.storeLock = storeLock;
    this.follower = follower;
    this.membership = membership;
    this.times = times;
  }

  @Override
  public int waiting() {
    return waiting;
  }

  /// @param fatal told of a broken invariant
  void start(Thread.UncaughtExceptionHandler fatal) {
    committer.setUncaughtExceptionHandler(fatal);
    committer.start();
    modifier.setUncaughtExceptionHandler(fatal);
    modifier.start();
  }

  @Override
  public Answer commit(List<Change> changes, Reply done, Ended ended) {
    var answer = new Answer.Later(() -> {});
    waiting++;
    line.add(new Entry(changes, done, ended, answer, deadlineNanos()));
    return answer;
  }

  @Override
  public Answer modify(Supplier<List<Change>> plan, Reply done) {
    var answer = new Answer.Later(() -> {});
    waiting++;
    modifications.add(new Modification(plan, done, answer, deadlineNanos()));
    return answer;
  }

  private long deadlineNanos() {
    return System.nanoTime() + times.commit().toNanos();
  }

  private void commitAll() {
    try {
      while (!closed) {
        commit(line.take());
        line.ended();
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void commit(List<Entry> group) throws InterruptedException {
    if (!isOver(group) && isCommitted(group)) {
      return;
    }
    for (Entry entry : group) { // one that cannot be stored must not keep the others
      List<Entry> alone = List.of(entry);
      if (group.size() == 1 || isOver(alone) || !isCommitted(alone)) {
        retry(entry);
      }
    }
  }

  /// Whether nothing could be stored lately and all of a group have waited for too long.
  private boolean isOver(List<Entry> group) {
    return failure != null && group.stream().allMatch(entry -> isLate(entry.deadlineNanos()));
  }

  private boolean isCommitted(List<Entry> group) {
    List<Change> changes = group.stream().flatMap(entry -> entry.changes().stream()).toList();
    try {
      OptionalLong revision = membership.commit(changes);
      failure = revision.isPresent() ? null : membership.absence();
      revision.ifPresent(stored -> succeed(group, stored));
    } catch (MetadataException failed) {
      failure = failed;
    }
    return failure == null;
  }

  /// Tries again until it works or has taken too long. What the store refuses though it can be
  /// reached is not tried any more.
  private void retry(Entry entry) throws InterruptedException {
    List<Entry> alone = List.of(entry);
    while (true) {
      MetadataException why = Objects.requireNonNull(failure, "it was tried before");
      if (closed || isLate(entry.deadlineNanos())) {
        fail(entry, late(why));
        return;
      }
      boolean reachable = reachable();
      if (isCommitted(alone)) {
        return;
      }
      if (membership.ousted() || (reachable && membership.isRegistered())) {
        fail(entry, Objects.requireNonNull(failure, "it was not committed"));
        return;
      }
      Thread.sleep(RETRY_WAIT);
    }
  }

  private static boolean isLate(long deadlineNanos) {
    return System.nanoTime() - deadlineNanos >= 0;
  }

  /// What is told of a change that has waited for the metadata store for too long.
  private MetadataException late(MetadataException failed) {
    return new MetadataException(
        failed.status(),
        "not stored within %d s: %s; see that the cluster's metadata store runs, and try again"
            .formatted(times.commit().toSeconds(), failed.detail()));
  }

  private boolean reachable() {
    try {
      return store.revision() > 0;
    } catch (MetadataException failed) {
      return false;
    }
  }

  private void succeed(List<Entry> group, long revision) {
    storeLock.lock();
    try {
      follower.await(
          revision,
          () -> {
            for (Entry entry : group) {
              waiting--;
              entry.ended().ended(true);
              entry.answer().come(entry.done());
            }
          });
    } finally {
      storeLock.unlock();
    }
  }

  private void fail(Entry entry, StoreException why) {
    storeLock.lock();
    try {
      waiting--;
      entry.ended().ended(false);
      entry.answer().come(new Reply.Failed(why.status(), why.detail()));
    } finally {
      storeLock.unlock();
    }
  }

  private void modifyAll() {
    Queue<Modification> line = new ArrayDeque<>();
    try {
      while (!closed) {
        if (line.isEmpty()) {
          line.add(modifications.take());
        }
        modifications.drainTo(line);
        modify(line);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /// Makes changes that are in line, with the lock taken once for all of them. What could not be
  /// done because the store could not be reached stays in line until it has waited for too long.
  private void modify(Queue<Modification> line) throws InterruptedException {
    try (var _ = ClusterLock.take(store, keys.session().syncLock(), times)) {
      while (!line.isEmpty() && isModified(line.element())) {
        line.remove();
      }
    } catch (MetadataException failed) {
      if (!line.isEmpty()) { // otherwise only the lock was not given back, and ends by itself
        retryOrFail(line, failed, reachable());
      }
      return;
    }
    if (!line.isEmpty()) {
      retryOrFail(line, membership.absence(), membership.ousted());
    }
  }

  private void retryOrFail(Queue<Modification> line, MetadataException why, boolean refused)
      throws InterruptedException {
    if (refused || closed || isLate(line.element().deadlineNanos())) {
      MetadataException told = refused ? why : late(why);
      answer(line.remove(), new Reply.Failed(told.status(), told.detail()));
    } else {
      Thread.sleep(RETRY_WAIT);
    }
  }

  /// Plans when the tables show what is stored, and stores what was planned.
  ///
  /// @return false if the daemon is not registered
  /// @throws MetadataException if the store failed, so that it may be tried again
  private boolean isModified(Modification next) throws InterruptedException {
    try {
      follower.awaitHere(store.revision());
      List<Change> changes;
      storeLock.lock();
      try {
        changes = next.plan().get();
      } finally {
        storeLock.unlock();
      }
      OptionalLong revision = membership.commit(changes);
      if (revision.isEmpty()) {
        return false;
      }
      follower.awaitHere(revision.getAsLong());
      answer(next, next.done());
    } catch (MetadataException failed) {
      throw failed;
    } catch (StoreException refused) {
      answer(next, new Reply.Failed(refused.status(), refused.detail()));
    }
    return true;
  }

  private void answer(Modification modification, Reply reply) {
    storeLock.lock();
    try {
      if (modification.answer().reply() == null) {
        waiting--;
        modification.answer().come(reply);
      }
    } finally {
      storeLock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    committer.interrupt();
    modifier.interrupt();
  }
}
