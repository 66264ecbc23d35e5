package dev.vinery.server;

import dev.vinery.protocol.ClusterReply;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.lang.module.ModuleDescriptor;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// Daemons: who they are and how they are. Answers [ClusterRequest]s. Guarded by the store lock.
final class ClusterHandler {
  /// What stands for a TCP address where there is none; clients split it at the colon.
  static final String NO_ENDPOINT = "0.0.0.0:0";

  /// Our release, as the build wrote it into the module.
  private static final String RELEASE =
      Optional.ofNullable(ClusterHandler.class.getModule().getDescriptor())
          .flatMap(ModuleDescriptor::rawVersion)
          .orElse("unknown");

  private final Store store;

  ClusterHandler(Store store) {
    this.store = store;
  }

  Answer handle(ClusterRequest request, Peer peer) {
    return switch (request) {
      case ClusterRequest.Instances() -> Answer.now(instances());
      case ClusterRequest.InstanceStatus() -> Answer.now(status());
      case ClusterRequest.Debug() -> Answer.now(new ClusterReply.Debugged());
      case ClusterRequest.AcquireLock acquire -> locks(peer).acquire(acquire, peer);
      case ClusterRequest.ReleaseLock release -> locks(peer).release(release);
    };
  }

  /// @throws StoreException if the peer's session is this daemon's alone
  private LockHandler locks(Peer peer) {
    LockHandler locks = peer.session().locks();
    if (locks == null) {
      throw new StoreException(
          Status.NOT_IMPLEMENTED, "there are no locks without a shared metadata store");
    }
    return locks;
  }

  private Reply instances() {
    Cluster cluster = store.cluster();
    return new ClusterReply.Instances(cluster == null ? onlyInstance() : cluster.instances().all());
  }

  private SequencedMap<String, Json.Fields> onlyInstance() {
    SequencedMap<String, Json.Fields> only = new LinkedHashMap<>();
    only.put(
        InstanceId.key(store.instanceId()),
        Json.Fields.of(store.registration().fields(store.clock().instant())));
    return only;
  }

  private Reply status() {
    int local = 0;
    int remote = 0;
    int waiting = 0;
    for (Session session : store.sessions()) {
      local += session.localConnections();
      remote += session.remoteConnections();
      waiting += session.waiting();
    }
    return new ClusterReply.InstanceStatus(
        store.instanceId(),
        store.options().deployment(),
        store.pool().usedBytes(),
        store.pool().limitBytes(),
        waiting,
        local,
        remote,
        RELEASE);
  }
}
