package dev.vinery.server;

import dev.vinery.metadata.MetadataKeys;
import dev.vinery.protocol.InstanceId;
import java.util.OptionalLong;

/// The keys that the daemons of a cluster share. Immutable.
///
/// Beside upstream's keys of the root session there are keys of ours, outside of that session,
/// where upstream's daemons do not look:
///
/// ```
/// <prefix>/vinery/alive/i<instance>   attached to the lease of a daemon: it lives
/// <prefix>/vinery/clean/i<instance>   attached to the lease of who deletes what that one had
/// ```
///
/// @param prefix what all daemons of the cluster agree on
/// @param session upstream's keys of the root session
record ClusterKeys(String prefix, MetadataKeys session) {
  static ClusterKeys of(String prefix) {
    return new ClusterKeys(prefix, MetadataKeys.of(prefix, Session.ROOT));
  }

  /// The prefix of every key that concerns the cluster, and of keys of other sessions.
  String everything() {
    return prefix + "/";
  }

  /// The prefix of all keys of the root session.
  String allOfSession() {
    return session.root() + "/";
  }

  String allAlive() {
    return prefix + "/vinery/alive/";
  }

  String alive(long instanceId) {
    return allAlive() + InstanceId.key(instanceId);
  }

  String clean(long instanceId) {
    return prefix + "/vinery/clean/" + InstanceId.key(instanceId);
  }

  /// The daemon whose sign of life a key is, if it is one.
  OptionalLong whoLives(String key) {
    return key.startsWith(allAlive())
        ? MetadataKeys.instanceId(key.substring(allAlive().length()))
        : OptionalLong.empty();
  }
}
