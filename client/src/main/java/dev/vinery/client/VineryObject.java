package dev.vinery.client;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// An object as it is stored: what its metadata says, its members, and the bytes of its blobs, in
/// shared memory or, over TCP, copied here. Safe for use by several threads.
///
/// An object that a client returned is open until it is closed or forgotten, and holds all its
/// blobs so long. A member belongs to the object it was taken from: closing it does nothing, and it
/// is valid no longer than that. Metadata can be read at any time.
public final class VineryObject implements AutoCloseable {
  /// Levels of members in members, which bounds every recursion over them. Daemons of ours have the
  /// same limit.
  private static final int MAX_LEVELS = 250;

  private final Metadata metadata;
  private final boolean member;
  private final Blobs.Held held;
  private final TypeRegistry types;

  private VineryObject(Metadata metadata, boolean member, Blobs.Held held, TypeRegistry types) {
    this.metadata = metadata;
    this.member = member;
    this.held = held;
    this.types = types;
  }

  /// Takes hold of the blobs that this tree has on an instance.
  ///
  /// @throws ObjectNotFoundException if one of them has been deleted
  /// @throws StoreException if members are nested too deeply
  static VineryObject open(Metadata metadata, long instanceId, Blobs blobs, TypeRegistry types) {
    Set<ObjectId> wanted = blobsOf(metadata, instanceId);
    Blobs.Held held = blobs.hold(wanted);
    for (ObjectId id : wanted) {
      if (!held.segments().containsKey(id)) {
        held.hold().close();
        throw new ObjectNotFoundException(
            metadata.id().equals(id)
                ? "there is no blob " + id
                : "object " + metadata.id() + " has lost its blob " + id);
      }
    }
    return new VineryObject(metadata, false, held, types);
  }

  /// An object whose blobs are held already.
  static VineryObject of(Blobs.Read read, TypeRegistry types) {
    return new VineryObject(read.metadata(), false, read.held(), types);
  }

  /// The blobs that a tree has on an instance, and the empty one.
  ///
  /// @throws StoreException if members are nested too deeply
  static Set<ObjectId> blobsOf(Metadata metadata, long instanceId) {
    Set<ObjectId> blobs = new LinkedHashSet<>();
    collectBlobs(metadata, metadata, 0, instanceId, blobs);
    return blobs;
  }

  private static void collectBlobs(
      Metadata root, Metadata metadata, int level, long instanceId, Set<ObjectId> into) {
    if (level > MAX_LEVELS) {
      throw new StoreException(
          Status.META_TREE_INVALID,
          "object %s has more than %d levels of members".formatted(root.id(), MAX_LEVELS));
    }
    ObjectId id = metadata.id();
    if (Metadata.isBlob(id)) {
      if (id.equals(ObjectId.EMPTY_BLOB) || metadata.instanceId() == instanceId) {
        into.add(id);
      }
      return;
    }
    for (Json field : metadata.fields().values().values()) {
      if (field instanceof Json.Fields member) {
        collectBlobs(root, Metadata.of(member), level + 1, instanceId, into);
      }
    }
  }

  public ObjectId id() {
    return metadata.id();
  }

  public String typeName() {
    return metadata.typeName();
  }

  public Metadata metadata() {
    return metadata;
  }

  public boolean isBlob() {
    return metadata.isBlob();
  }

  /// Whether all blobs of this object are on the daemon's own instance, so that their bytes can be
  /// read here.
  public boolean isLocal() {
    return isLocal(metadata);
  }

  private boolean isLocal(Metadata tree) {
    return tree.isBlob()
        ? held.segments().containsKey(tree.id())
        : tree.members().values().stream().allMatch(this::isLocal);
  }

  /// @throws ObjectNotFoundException if there is no member of that name
  public VineryObject member(String name) {
    return findMember(name)
        .orElseThrow(
            () -> new ObjectNotFoundException("object " + id() + " has no member '" + name + "'"));
  }

  public Optional<VineryObject> findMember(String name) {
    return metadata.findMember(name).map(this::part);
  }

  /// The members in the order of the metadata.
  public SequencedMap<String, VineryObject> members() {
    var members = new LinkedHashMap<String, VineryObject>();
    metadata.members().forEach((name, tree) -> members.put(name, part(tree)));
    return members;
  }

  private VineryObject part(Metadata tree) {
    return new VineryObject(tree, true, held, types);
  }

  /// The bytes of a blob, read-only; valid until the object is closed.
  ///
  /// @throws StoreException if this is no blob
  /// @throws ObjectNotFoundException if the blob is on another instance
  /// @throws IllegalStateException if the object is closed
  public MemorySegment segment() {
    if (!isBlob()) {
      throw new StoreException(
          Status.OBJECT_TYPE_ERROR, "object " + id() + " is a " + typeName() + " and not a blob");
    }
    requireOpen();
    MemorySegment segment = held.segments().get(id());
    if (segment == null) {
      throw new ObjectNotFoundException(
          "blob %s is on instance %s"
              .formatted(id(), Long.toUnsignedString(metadata.instanceId())));
    }
    return segment;
  }

  /// The value of this object, or the object itself if no resolver knows its type. The value has a
  /// hold of its own and may outlive this object.
  ///
  /// @throws StoreException if the metadata is wrong
  public Object value() {
    return value(Object.class);
  }

  /// The value of this object as one of a type. The value has a hold of its own and may outlive
  /// this object.
  ///
  /// @throws StoreException if the metadata is wrong, or there is no such value of this object
  public <T> T value(Class<T> type) {
    return types.resolve(retain(), type);
  }

  /// The same object with a hold of its own: closing one does not close the other.
  public VineryObject retain() {
    requireOpen();
    var own = new LinkedHashSet<ObjectId>();
    collectHeld(metadata, own);
    return new VineryObject(metadata, false, held.again().apply(own), types);
  }

  private void collectHeld(Metadata tree, Set<ObjectId> into) {
    if (tree.isBlob()) {
      if (held.segments().containsKey(tree.id())) {
        into.add(tree.id());
      }
      return;
    }
    tree.members().values().forEach(each -> collectHeld(each, into));
  }

  private void requireOpen() {
    if (held.hold().ended()) {
      throw new IllegalStateException("object " + id() + " is closed");
    }
  }

  /// Lets go of the blobs. Closing twice, or closing a member, does nothing.
  @Override
  public void close() {
    if (!member) {
      held.hold().close();
    }
  }

  @Override
  public String toString() {
    return "VineryObject[id=" + id() + ", typeName=" + typeName() + "]";
  }
}
