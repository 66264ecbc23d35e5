package dev.vinery.protocol;

/// Requests about daemons: who they are, how they are, and locks between them.
public sealed interface ClusterRequest extends Request {
  /// `cluster_meta`: the daemons of the cluster.
  record Instances() implements ClusterRequest {}

  /// `instance_status_request`.
  record InstanceStatus() implements ClusterRequest {}

  /// `debug_command`: accepted and ignored.
  record Debug() implements ClusterRequest {}

  /// `acquire_lock_request`: wait for a lock between clients of a cluster.
  record AcquireLock(String key) implements ClusterRequest {}

  /// `release_lock_request`.
  ///
  /// @param key as [ClusterReply.LockAcquired#key()] tells it
  record ReleaseLock(String key) implements ClusterRequest {}
}
