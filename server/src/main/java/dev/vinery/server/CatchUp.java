package dev.vinery.server;

import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Request;

/// Tells which requests must see what other daemons have stored before they came. Guarded by the
/// store lock.
///
/// Nothing can be missed of blobs and of transient objects, which only this daemon knows; names and
/// persistent objects may be changed or deleted by others, and what is unknown may exist.
final class CatchUp {
  private final ObjectTable objects;
  private final NameTable names;

  CatchUp(ObjectTable objects, NameTable names) {
    this.objects = objects;
    this.names = names;
  }

  boolean isNeeded(Request request) {
    return switch (request) {
      case ObjectRequest object -> isNeeded(object);
      case NameRequest name -> isNeeded(name);
      case ClusterRequest.Instances() -> true;
      default -> false;
    };
  }

  /// Whether to see it is worth no more than a moment: the daemons of the cluster are seen as they
  /// come, and no object depends on it.
  boolean isBrief(Request request) {
    return request instanceof ClusterRequest.Instances;
  }

  private boolean isNeeded(ObjectRequest request) {
    return switch (request) {
      case ObjectRequest.Get get -> get.synced() && get.ids().stream().anyMatch(this::isShared);
      case ObjectRequest.Exists(var id) -> isShared(id);
      case ObjectRequest.Copy(var id, _) -> isShared(id);
      case ObjectRequest.Migrate(var id) -> isShared(id);
      case ObjectRequest.Persist(var id) -> isUnknown(id);
      case ObjectRequest.IsPersistent(var id) -> isUnknown(id);
      case ObjectRequest.Label(var id, _, _) -> isUnknown(id); // sees the rest under the lock
      case ObjectRequest.Delete delete -> delete.ids().stream().anyMatch(this::isUnknown);
      case ObjectRequest.Clear() -> true;
      case ObjectRequest.Create _, ObjectRequest.CreateMany _, ObjectRequest.Find _ -> false;
    };
  }

  private boolean isNeeded(NameRequest request) {
    return switch (request) {
      case NameRequest.Get _, NameRequest.Find _ -> true;
      case NameRequest.Put(_, var id) -> isUnknown(id);
      case NameRequest.Drop(var name) -> names.find(name) == null;
    };
  }

  /// Clients also ask for the id that is none, to have the daemon catch up.
  private boolean isShared(ObjectId id) {
    LiveObject object = objects.find(id);
    return id.equals(ObjectId.INVALID)
        || (!id.isBlob() && (object == null || object.persistent() || object.global()));
  }

  private boolean isUnknown(ObjectId id) {
    return !id.isBlob() && objects.find(id) == null;
  }
}
