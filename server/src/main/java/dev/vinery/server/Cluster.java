package dev.vinery.server;

import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.MetadataException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// What the root session shares with the other daemons of a cluster.
///
/// Safe for use by several threads, except for the tables.
final class Cluster implements AutoCloseable {
  private static final Logger log = System.getLogger(Cluster.class.getName());

  private final MetadataStore store;
  private final ClusterKeys keys;
  private final Lock storeLock;
  private final ClusterTimes times;
  private final Membership membership;
  private final Instances instances = new Instances();
  private final Follower follower;
  private final SharedCommits commits;
  private final Freshness freshness;
  private final LockHandler locks;
  private volatile @Nullable Caretaker caretaker;

  private Cluster(
      Lock storeLock,
      MetadataStore store,
      ClusterKeys keys,
      ClusterTimes times,
      Membership membership) {
    this.store = store;
    this.keys = keys;
    this.storeLock = storeLock;
    this.times = times;
    this.membership = membership;
    this.follower = new Follower(store, keys, storeLock, instances, membership.instanceId());
    this.commits = new SharedCommits(store, keys, storeLock, follower, membership, times);
    this.freshness = new Freshness(store, storeLock, follower, times);
    this.locks = new LockHandler(store, keys, storeLock, times);
  }

  /// Joins the daemons that share the metadata store of the options, if there is one.
  ///
  /// @throws MetadataException if the store cannot be reached; it stays open then
  static @Nullable Cluster join(
      Lock storeLock,
      DaemonOptions options,
      Registration registration,
      InstantSource clock,
      ClusterTimes times) {
    MetadataStore store = options.sharedMetadata().orElse(null);
    if (store == null) {
      return null;
    }
    ClusterKeys keys = ClusterKeys.of(options.metadataPrefix());
    Membership membership = Membership.join(store, keys, registration, clock, times);
    return new Cluster(storeLock, store, keys, times, membership);
  }

  long instanceId() {
    return membership.instanceId();
  }

  /// Guarded by the store lock.
  Instances instances() {
    return instances;
  }

  /// Where the changes of the root session go. Guarded by the store lock.
  SharedCommits commits() {
    return commits;
  }

  /// Guarded by the store lock.
  LockHandler locks() {
    return locks;
  }

  /// Guarded by the store lock.
  Freshness freshness() {
    return freshness;
  }

  /// Learns what is stored, and goes on doing so.
  ///
  /// @param fatal told of a broken invariant
  /// @throws MetadataException if the store cannot be reached
  void start(Session root, Thread.UncaughtExceptionHandler fatal) {
    var started =
        new Caretaker(
            store,
            keys,
            storeLock,
            times,
            membership,
            follower,
            freshness,
            locks,
            instances,
            root,
            fatal);
    started.start();
    caretaker = started;
    commits.start(fatal);
    freshness.start(fatal);
  }

  /// Leaves the cluster and closes the metadata store.
  @Override
  public void close() {
    Caretaker started = caretaker;
    if (started != null) {
      started.close();
    }
    locks.close();
    freshness.close();
    commits.close();
    follower.close();
    try {
      if (started != null) {
        started.leave();
      } else {
        membership.withdraw();
      }
    } catch (MetadataException e) {
      log.log(Level.WARNING, "the cluster was left without a word: {0}", e.getMessage());
    }
    store.close();
  }
}
