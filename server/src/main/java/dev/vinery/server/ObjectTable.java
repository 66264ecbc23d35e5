package dev.vinery.server;

import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final Signatures signatures;
  private final Absences absences = new Absences();

  ObjectTable(BlobTable blobs, long instanceId) {
    this.blobs = blobs;
    this.instanceId = instanceId;
    this.signatures = new Signatures(instanceId);
  }

  int size() {
    return objects.size();
  }

  long instanceId() {
    return instanceId;
  }

  IndexKeeper index() {
    return blobs.index();
  }

  LongMap<LiveObject> all() {
    return objects;
  }

  @Nullable LiveObject find(ObjectId id) {
    return objects.get(id.value());
  }

  /// Whether this daemon is the one that stores an object: it is here, or was made here.
  boolean isOwn(LiveObject object) {
    return isHere(object) || IdGenerator.isOf(object.id(), instanceId);
  }

  /// Whether an object is found by its signature.
  boolean isSigned(LiveObject object) {
    return signatures.nearestFirst(object.signature()).contains(object.id());
  }

  /// Forgets by which signatures objects are found.
  void forgetSignatures() {
    signatures.clear();
  }

  /// Whether an object's blobs are on this instance.
  boolean isHere(LiveObject object) {
    return object.instanceId() == instanceId;
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
      addOwner(object, member);
    }
    absences.takeById(object).forEach(object::addOwner);
    if (signatures.nearestFirst(object.signature()).contains(object.id())) {
      shareOwners(object);
    }
  }

  /// Notes which object bears a signature on some instance.
  void putSignature(long signature, long onInstance, ObjectId id) {
    ObjectId before = signatures.find(signature, onInstance);
    signatures.put(signature, onInstance, id);
    if (before != null && !before.equals(id)) {
      forgetOwnersOf(before);
    }
    LiveObject object = find(id);
    if (object != null) {
      shareOwners(object);
    }
  }

  void removeSignature(long signature, long onInstance) {
    ObjectId before = signatures.find(signature, onInstance);
    signatures.remove(signature, onInstance);
    if (before != null) {
      forgetOwnersOf(before);
    }
  }

  /// Takes from an object the owners that found it by a signature, which no longer leads to it.
  private void forgetOwnersOf(ObjectId id) {
    LiveObject object = find(id);
    if (object == null) {
      return;
    }
    for (LiveObject owner : object.owners().list()) {
      boolean reached = false;
      for (Member member : owner.members()) {
        reached |= allBelow(owner, member).contains(object);
      }
      if (!reached) {
        object.removeOwner(owner);
        noteAbsences(owner);
      }
    }
  }

  private void noteAbsences(LiveObject owner) {
    for (Member member : owner.members()) {
      if (!member.id().isBlob() && below(owner, member) == null) {
        absences.add(owner, member);
      }
    }
  }

  /// The objects that bear a signature, the nearest first. Some may not be there, or no longer.
  List<ObjectId> bearers(long signature) {
    return signatures.nearestFirst(signature);
  }

  /// The nearest object that bears a signature, if one is there.
  @Nullable LiveObject nearest(long signature) {
    for (ObjectId id : signatures.nearestFirst(signature)) {
      LiveObject bearer = find(id);
      if (bearer != null) {
        return bearer;
      }
    }
    return null;
  }

  /// Puts an object in the place of one with the same id, with its owners.
  void replace(LiveObject before, LiveObject after) {
    index().changed(before);
    for (Member member : before.members()) {
      Blob blob = blobBelow(member);
      if (blob != null) {
        blob.removeOwner(before);
      } else if (!member.id().isBlob()) {
        allBelow(before, member).forEach(object -> object.removeOwner(before));
      }
    }
    List<LiveObject> owners = before.owners().list();
    owners.forEach(before::removeOwner);
    remove(before);
    add(after);
    owners.forEach(after::addOwner);
  }

  /// Whether another object bears the same signature, so that owners do not need this one.
  boolean hasEquivalent(LiveObject object) {
    List<ObjectId> bearers = signatures.nearestFirst(object.signature());
    return bearers.contains(object.id())
        && bearers.stream().anyMatch(id -> !id.equals(object.id()) && find(id) != null);
  }

  /// Gives an object the owners that its equivalents have, and those that waited for one.
  private void shareOwners(LiveObject object) {
    for (ObjectId id : signatures.nearestFirst(object.signature())) {
      LiveObject other = find(id);
      if (other != null && other != object) {
        other.owners().list().stream().filter(LiveObject::global).forEach(object::addOwner);
      }
    }
    absences.takeBySignature(object).forEach(object::addOwner);
  }

  /// The object that a member stands for. A global object has the nearest of those that bear the
  /// member's signature.
  ///
  /// @return null if it is not there
  @Nullable LiveObject below(LiveObject owner, Member member) {
    LiveObject nearest = owner.global() ? nearest(member.signature()) : null;
    return nearest != null ? nearest : find(member.id());
  }

  /// All objects that a member may stand for.
  Collection<LiveObject> allBelow(LiveObject owner, Member member) {
    LiveObject known = find(member.id());
    if (!owner.global()) {
      return known == null ? List.of() : List.of(known);
    }
    Set<LiveObject> all = new LinkedHashSet<>();
    if (known != null) {
      all.add(known);
    }
    for (ObjectId id : signatures.nearestFirst(member.signature())) {
      LiveObject bearer = find(id);
      if (bearer != null) {
        all.add(bearer);
      }
    }
    return all;
  }

  /// The blob of this instance that a member is, if it is one: blobs of others may have equal ids.
  @Nullable Blob blobBelow(Member member) {
    return member.id().isBlob() && member.instanceId() == instanceId
        ? blobs.find(member.id())
        : null;
  }

  void remove(LiveObject object) {
    objects.remove(object.id().value());
    index().changed(object);
    absences.forget(object);
    object.owners().list().forEach(this::noteAbsences);
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

  private void addOwner(LiveObject owner, Member member) {
    if (member.id().isBlob()) {
      Blob blob = blobBelow(member);
      if (blob != null) {
        blob.addOwner(owner);
      }
      return;
    }
    Collection<LiveObject> all = allBelow(owner, member);
    all.forEach(object -> object.addOwner(owner));
    if (all.isEmpty()) {
      absences.add(owner, member);
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
