package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/// What a copy of an object of another instance is made of: its members, and the blobs below.
///
/// Signatures, names, labels and all other fields are kept; ids are new, and the copy is of this
/// instance. What the object has twice, the copy has twice and is there once. Guarded by the store
/// lock.
final class TreeCopy {
  private final long homeId;
  private final Map<ObjectId, LiveObject> sources = new LinkedHashMap<>();
  private final Collection<ObjectId> blobs = new TreeSet<>();

  /// Looks at an object and everything below it.
  ///
  /// @throws StoreException if something below is unknown, or of yet another instance
  TreeCopy(LiveObject top, ObjectTable objects) {
    this.homeId = top.instanceId();
    collect(top, objects);
  }

  private void collect(LiveObject object, ObjectTable objects) {
    for (Member member : object.members()) {
      if (member.id().equals(ObjectId.EMPTY_BLOB) || sources.containsKey(member.id())) {
        continue;
      }
      if (member.instanceId() != homeId) {
        throw new StoreException(
            Status.GLOBAL_OBJECT_INVALID,
            "member '%s' of object %s lives on instance %s"
                .formatted(member.name(), object.id(), Long.toUnsignedString(member.instanceId())));
      }
      if (member.id().isBlob()) {
        blobs.add(member.id());
        continue;
      }
      LiveObject below = objects.find(member.id());
      if (below == null) {
        throw new StoreException(
            Status.META_TREE_SUBTREE_NOT_EXISTS,
            "member '%s' of object %s is unknown: %s"
                .formatted(member.name(), object.id(), member.id()));
      }
      if (below.global()) { // whose members may be anywhere
        throw new StoreException(
            Status.GLOBAL_OBJECT_INVALID,
            "member '%s' of object %s is global".formatted(member.name(), object.id()));
      }
      collect(below, objects);
    }
    sources.put(object.id(), object);
  }

  /// The blobs to fetch, ascending.
  List<ObjectId> blobs() {
    return List.copyOf(blobs);
  }

  /// Makes the objects, and enters them nowhere.
  ///
  /// @param blobIds of the copied blobs, by those of the blobs
  /// @param instanceId this instance
  /// @return members before owners, the object at the top last
  List<LiveObject> make(
      Map<ObjectId, ObjectId> blobIds,
      ObjectTable objects,
      IdGenerator ids,
      long instanceId,
      long nowMillis) {
    Map<ObjectId, ObjectId> copyIds = new HashMap<>(blobIds);
    copyIds.put(ObjectId.EMPTY_BLOB, ObjectId.EMPTY_BLOB);
    sources.keySet().forEach(id -> copyIds.put(id, objects.freshId(ids)));
    return sources.values().stream()
        .map(source -> copy(source, copyIds, instanceId, nowMillis))
        .toList();
  }

  private static LiveObject copy(
      LiveObject source, Map<ObjectId, ObjectId> copyIds, long instanceId, long nowMillis) {
    return new LiveObject(
        idOf(source.id(), copyIds),
        source.signature(),
        instanceId,
        nowMillis,
        source.typeName(),
        false,
        source.plain(),
        source.members().stream()
            .map(member ->
                new Member(
                    member.name(),
                    idOf(member.id(), copyIds),
                    member.typeName(),
                    instanceId,
                    member.signature()))
            .toList(),
        source.depth(),
        source.expandedBytes());
  }

  private static ObjectId idOf(ObjectId source, Map<ObjectId, ObjectId> copyIds) {
    return Objects.requireNonNull(copyIds.get(source), "everything below is copied");
  }
}
