package dev.vinery.server;

import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.MetadataException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// The thread that keeps this daemon in its cluster, and cleans up after daemons that are away.
///
/// Once in a [ClusterTimes#beat()] it gives a sign of life. If the daemon's lease has ended, its
/// registration is gone, or the metadata store knows less than it did, the daemon joins anew, under
/// its number. If the store still knows the daemon, others had their way meanwhile, and the tables
/// follow. If not, the store has lost its data, or others took the daemon for dead: then what it
/// has stored is stored again.
final class Caretaker implements AutoCloseable {
  /// The longest wait between two tries while the metadata store cannot be reached.
  private static final Duration MAX_RETRY_WAIT = Duration.ofSeconds(1);

  private static final Logger log = System.getLogger(Caretaker.class.getName());

  private final MetadataStore store;
  private final Lock storeLock;
  private final ClusterTimes times;
  private final Membership membership;
  private final Follower follower;
  private final Freshness freshness;
  private final LockHandler locks;
  private final Survey survey;
  private final Cleaning cleaning;
  private final Session root;
  private final Thread.UncaughtExceptionHandler fatal;
  private final Semaphore alarm = new Semaphore(0);
  private final Thread thread = Thread.ofVirtual().name("vinery-caretaker").unstarted(this::run);

  /// When the last timestamp was put. Confined to the thread.
  private long stampedNanos = System.nanoTime();

  /// What cleans up, or did last. Confined to the thread, but for [#close].
  private volatile @Nullable Thread cleaner;

  private volatile boolean closed;

  /// @param fatal told of a broken invariant
  Caretaker(
      MetadataStore store,
      ClusterKeys keys,
      Lock storeLock,
      ClusterTimes times,
      Membership membership,
      Follower follower,
      Freshness freshness,
      LockHandler locks,
      Instances instances,
      Session root,
      Thread.UncaughtExceptionHandler fatal) {
    this.store = store;
    this.storeLock = storeLock;
    this.times = times;
    this.membership = membership;
    this.follower = follower;
    this.freshness = freshness;
    this.locks = locks;
    this.survey = new Survey(instances, membership.instanceId(), times.grace());
    this.cleaning = new Cleaning(store, keys, storeLock, membership, root.objects());
    this.root = root;
    this.fatal = fatal;
  }

  /// Reads what is stored, for the first time, and goes on with everything else.
  ///
  /// @throws MetadataException if the store cannot be reached
  void start() {
    var _ = follower.start(root.replica(), true, alarm::release, fatal);
    thread.setUncaughtExceptionHandler(fatal);
    thread.start();
  }

  private void run() {
    Duration wait = times.beat();
    try {
      while (!closed) {
        var _ = alarm.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
        boolean reached = beat();
        wait =
            reached || times.beat().compareTo(MAX_RETRY_WAIT) < 0 ? times.beat() : MAX_RETRY_WAIT;
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException storeClosed) {
      if (!closed) {
        throw storeClosed;
      }
    }
  }

  /// @return whether the store was reached
  private boolean beat() {
    boolean reached = true;
    try {
      boolean member = isFollowing() && membership.keepAlive() && isComplete();
      if (member && System.nanoTime() - stampedNanos >= times.timestamp().toNanos()) {
        stampedNanos = System.nanoTime();
        member = membership.stamp();
      }
      if (!member) {
        rejoin();
      }
      locks.keepAlive();
    } catch (MetadataException failed) {
      log.log(Level.DEBUG, "no sign of life was given: {0}", failed.getMessage());
      reached = false;
    }
    Set<Long> away = look(reached);
    if (!away.isEmpty() && !isCleaning()) {
      cleaner = Thread.ofVirtual().name("vinery-cleaning").unstarted(() -> cleanAll(away));
      cleaner.setUncaughtExceptionHandler(fatal);
      cleaner.start();
    }
    return reached;
  }

  private boolean isFollowing() {
    storeLock.lock();
    try {
      return follower.isFollowing();
    } finally {
      storeLock.unlock();
    }
  }

  /// Whether the store knows at least what was seen of it.
  private boolean isComplete() {
    long seen;
    storeLock.lock();
    try {
      seen = follower.applied();
    } finally {
      storeLock.unlock();
    }
    return store.revision() >= seen;
  }

  private void rejoin() {
    boolean registered = membership.rejoin();
    Lost lost = follower.start(root.replica(), registered, alarm::release, fatal);
    storeLock.lock();
    try {
      root.publisher().restore(lost);
      root.publisher().payOwed();
    } finally {
      storeLock.unlock();
    }
    log.log(
        Level.WARNING,
        "joined the cluster again: instance={0} registered={1} stored again={2}",
        Long.toUnsignedString(membership.instanceId()),
        registered,
        lost.objects().size());
  }

  private Set<Long> look(boolean reached) {
    storeLock.lock();
    try {
      freshness.reached(reached);
      freshness.look();
      if (reached) {
        root.publisher().payOwed();
      }
      return reached ? survey.away() : survey.blind();
    } finally {
      storeLock.unlock();
    }
  }

  private boolean isCleaning() {
    return cleaner != null && cleaner.isAlive();
  }

  /// Cleans on a thread of its own, as it may take longer than this daemon may be silent.
  private void cleanAll(Set<Long> away) {
    try {
      away.forEach(this::clean);
    } catch (IllegalStateException storeClosed) {
      if (!closed) {
        throw storeClosed;
      }
    }
  }

  private void clean(long instanceId) {
    try {
      if (cleaning.clean(instanceId)) {
        log.log(Level.INFO, "cleaned up after instance={0}", Long.toUnsignedString(instanceId));
      }
    } catch (MetadataException failed) {
      log.log(
          Level.WARNING,
          "cannot clean up after instance={0}: {1}",
          Long.toUnsignedString(instanceId),
          failed.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    Thread cleaning = cleaner;
    if (cleaning != null) {
      cleaning.interrupt();
    }
  }

  /// Leaves the cluster, as the daemon ends. What the daemon has stored stays for a while, so that
  /// others can read of it, and is deleted by one of them; by itself if there is no other.
  void leave() {
    boolean last;
    storeLock.lock();
    try {
      last = survey.isAlone();
    } finally {
      storeLock.unlock();
    }
    if (last) {
      cleaning.cleanOwn();
    }
    membership.leave();
  }
}
