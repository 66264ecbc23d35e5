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
  private final Membership membership;
  private final Instances instances = new Instances();
  private volatile @Nullable Follower follower;

  private Cluster(MetadataStore store, ClusterKeys keys, Membership membership) {
    this.store = store;
    this.keys = keys;
    this.membership = membership;
  }

  /// Joins the daemons that share the metadata store of the options, if there is one.
  ///
  /// @throws MetadataException if the store cannot be reached; it stays open then
  static @Nullable Cluster join(
      DaemonOptions options, Registration registration, InstantSource clock, ClusterTimes times) {
    MetadataStore store = options.sharedMetadata().orElse(null);
    if (store == null) {
      return null;
    }
    ClusterKeys keys = ClusterKeys.of(options.metadataPrefix());
    return new Cluster(store, keys, Membership.join(store, keys, registration, clock, times));
  }

  long instanceId() {
    return membership.instanceId();
  }

  /// Guarded by the store lock.
  Instances instances() {
    return instances;
  }

  /// Learns what is stored, and goes on doing so.
  ///
  /// @param fatal told of a broken invariant
  /// @throws MetadataException if the store cannot be reached
  void start(Lock storeLock, Thread.UncaughtExceptionHandler fatal) {
    var started =
        new Follower(store, keys, storeLock, new Replica(keys.session(), instances), fatal);
    follower = started;
    started.start();
  }

  /// Leaves the cluster and closes the metadata store.
  @Override
  public void close() {
    Follower started = follower;
    if (started != null) {
      started.close();
    }
    try {
      membership.leave();
    } catch (MetadataException e) {
      log.log(Level.WARNING, "the cluster was left without a word: {0}", e.getMessage());
    }
    store.close();
  }
}
