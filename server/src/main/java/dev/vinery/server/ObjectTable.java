package dev.vinery.server;

import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The objects of one session, by id and by type name, and who has whom as a member.
///
/// Guarded by the store lock, except for [#typeNames()].
final class ObjectTable {
  /// Bytes of one object's text with all its members.
  static final int MAX_TEXT_BYTES = 256 << 20;

  /// Names that are kept for objects to come.
  private static final int MAX_SHARED_NAMES = 10_000;

  /// Characters of a name that is worth keeping.
  private static final int MAX_SHARED_CHARS = 256;

  private final BlobTable blobs;
  private final long instanceId;
  private final LongMap<LiveObject> objects = new LongMap<>();
  private final Map<String, IdIndex> idsByType = new ConcurrentHashMap<>();
  private final Map<String, String> sharedNames = new HashMap<>();

  ObjectTable(BlobTable blobs, long instanceId) {
    this.blobs = blobs;
    this.instanceId = instanceId;
  }

  int size() {
    return objects.size();
  }

  LongMap<LiveObject> all() {
    return objects;
  }

  @Nullable LiveObject find(ObjectId id) {
    return objects.get(id.value());
  }

  boolean exists(ObjectId id) {
    if (!id.isBlob()) {
      return find(id) != null;
    }
    return id.equals(ObjectId.EMPTY_BLOB) || blobs.find(id) != null;
  }

  /// Whether there is something to read. An object's members stay as long as it does.
  boolean isReadable(ObjectId id) {
    if (!id.isBlob()) {
      return find(id) != null;
    }
    Blob blob = blobs.find(id);
    return id.equals(ObjectId.EMPTY_BLOB)
        || id.equals(ObjectId.INVALID)
        || (blob != null && blob.sealed());
  }

  /// Draws ids until one is free.
  ObjectId freshId(IdGenerator ids) {
    ObjectId id = ids.object();
    while (objects.containsKey(id.value())) {
      id = ids.object();
    }
    return id;
  }

  /// Returns the copy of a type or field name that objects share, if it is one of few.
  String shared(String name) {
    if (name.length() > MAX_SHARED_CHARS) {
      return name;
    }
    if (sharedNames.size() >= MAX_SHARED_NAMES) {
      sharedNames.clear(); // names that clients make up would pile up
    }
    return sharedNames.computeIfAbsent(name, n -> n);
  }

  /// The type names of which there were ever objects. Safe for use by several threads.
  Collection<String> typeNames() {
    return idsByType.keySet();
  }

  /// Returns ids of objects of one type, ascending.
  List<ObjectId> idsOfType(String typeName, long limit) {
    IdIndex index = idsByType.get(typeName);
    List<ObjectId> ids = new ArrayList<>();
    if (index != null && limit > 0) {
      index.ascending(
          this::isAlive,
          id -> {
            ids.add(new ObjectId(id));
            return ids.size() < limit;
          });
    }
    return ids;
  }

  void add(LiveObject object) {
    LiveObject before = objects.put(object.id().value(), object);
    Invariant.check(before == null, "an object id was issued twice");
    idsByType.computeIfAbsent(object.typeName(), _ -> new IdIndex()).add(object.id().value());
    for (Member member : object.members()) {
      addOwner(member.id(), object);
    }
  }

  void remove(LiveObject object) {
    objects.remove(object.id().value());
    IdIndex index = idsByType.get(object.typeName());
    if (index == null) {
      throw new AssertionError("an object has no type");
    }
    if (index.removed(this::isAlive) == 0) {
      idsByType.remove(object.typeName());
    }
  }

  private boolean isAlive(long id) {
    return objects.containsKey(id);
  }

  private void addOwner(ObjectId id, LiveObject owner) {
    if (id.isBlob()) {
      Blob blob = blobs.find(id);
      if (blob != null) {
        blob.addOwner(owner);
      }
    } else {
      LiveObject object = find(id);
      if (object != null) {
        object.addOwner(owner);
      }
    }
  }

  /// Describes a blob that is sealed.
  ///
  /// @return null if it is not there
  @Nullable Metadata readBlob(ObjectId id) {
    if (id.equals(ObjectId.EMPTY_BLOB)) {
      return Metadata.ofBlob(id, 0, instanceId);
    }
    Blob blob = blobs.find(id);
    return blob != null && blob.sealed() ? Metadata.ofBlob(id, blob.sizeBytes(), instanceId) : null;
  }

  /// A blob of this instance is shown with its true size; of others only the id is known here.
  void printBlob(Member member, JsonWriter out) {
    Blob blob = member.instanceId() == instanceId ? blobs.find(member.id()) : null;
    long sizeBytes = blob == null ? 0 : blob.sizeBytes();
    out.beginObject()
        .field(Metadata.ID, member.id().toString())
        .field(Metadata.INSTANCE_ID, member.instanceId())
        .field(Metadata.LENGTH, sizeBytes)
        .field(Metadata.SIZE_BYTES, sizeBytes)
        .field(Metadata.TRANSIENT, true)
        .field(Metadata.TYPE_NAME, member.typeName())
        .endObject();
  }
}
