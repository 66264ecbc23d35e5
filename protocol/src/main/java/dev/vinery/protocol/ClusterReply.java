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
  record InstanceStatus(
      long instanceId,
      String deployment,
      long memoryUsageBytes,
      long memoryLimitBytes,
      long deferredRequests,
      long ipcConnections,
      long rpcConnections)
      implements ClusterReply {}

  /// `debug_reply`: nothing.
  record Debugged() implements ClusterReply {}
}
