package dev.vinery.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Replies about daemons.
public sealed interface ClusterReply extends Reply {
  /// `cluster_meta`, which is also the request's name: what each daemon published of itself, by the
  /// key of its instance.
  record Instances(SequencedMap<String, Json.Fields> instances) implements ClusterReply {
    public Instances {
      instances = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(instances));
    }
  }

  /// `instance_status_reply`.
  ///
  /// @param deployment `local` or `distributed`
  /// @param memoryUsageBytes sum of the sizes of all blobs in memory
  /// @param deferredRequests requests that wait for something to come into being
  /// @param vinery our release, by which our daemons tell themselves from the reference
  ///   implementation's (wire field `vinery`); empty for those
  record InstanceStatus(
      long instanceId,
      String deployment,
      long memoryUsageBytes,
      long memoryLimitBytes,
      long deferredRequests,
      long ipcConnections,
      long rpcConnections,
      String vinery)
      implements ClusterReply {}

  /// `acquire_lock_reply`.
  ///
  /// @param acquired whether the lock is the caller's now (wire field `result`)
  /// @param key the key to release, which is another than the key that was asked for; empty if the
  ///   lock was not acquired
  record LockAcquired(boolean acquired, String key) implements ClusterReply {}

  /// `release_lock_reply`.
  ///
  /// @param released whether there was such a lock (wire field `result`)
  record LockReleased(boolean released) implements ClusterReply {}

  /// `debug_reply`: nothing.
  record Debugged() implements ClusterReply {}
}
