package dev.vinery.server;

import dev.vinery.metadata.KeyLock;
import dev.vinery.metadata.Lease;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.Status;
import java.time.Duration;
import java.util.Optional;

/// A lock of the metadata store that is held for a moment, with a lease of its own. Confined to the
/// thread that took it.
final class ClusterLock implements AutoCloseable {
  private final Lease lease;
  private final KeyLock lock;

  private ClusterLock(Lease lease, KeyLock lock) {
    this.lease = lease;
    this.lock = lock;
  }

  /// Waits for a lock.
  ///
  /// @param times how long to wait, and how long the lock lasts at most when the store is lost
  /// @throws MetadataException if others keep it for too long, or the store cannot be reached
  static ClusterLock take(MetadataStore store, String key, ClusterTimes times) {
    Duration patience = times.commit();
    Lease lease = store.grant(patience.plus(times.lease()));
    try {
      Optional<KeyLock> lock = store.lock(key, lease, patience);
      if (lock.isPresent()) {
        return new ClusterLock(lease, lock.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lease.revoke();
    throw new MetadataException(
        Status.ETCD_ERROR, "others kept the lock %s for %d s".formatted(key, patience.toSeconds()));
  }

  @Override
  public void close() {
    lock.close();
    lease.revoke();
  }
}
