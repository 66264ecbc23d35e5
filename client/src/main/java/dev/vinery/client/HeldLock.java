package dev.vinery.client;

import dev.vinery.protocol.ClusterReply;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.StoreException;

/// A lock between the clients of all daemons of a cluster, which is held until it is closed. Safe
/// for use by several threads.
///
/// It has a connection of its own, and our daemon releases it when that ends, however it ends. It
/// is lost, without a word, if its daemon cannot reach the cluster's metadata store for longer than
/// some ten seconds.
public final class HeldLock implements AutoCloseable {
  private final Connection connection;
  private final String key;

  /// Guarded by `this`.
  private boolean closed;

  /// @param connection which this object closes
  /// @param key as the daemon told it
  HeldLock(Connection connection, String key) {
    this.connection = connection;
    this.key = key;
  }

  /// Releases the lock. Closing again does nothing.
  ///
  /// @throws ConnectionException if the daemon is gone, and with it the lock
  /// @throws StoreException if the daemon refuses
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      connection.call(new ClusterRequest.ReleaseLock(key), ClusterReply.LockReleased.class);
    } finally {
      connection.close();
    }
  }

  @Override
  public String toString() {
    return "HeldLock[" + key + "]";
  }
}
