package dev.vinery.server;

import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks the trees of one request and says which objects they make, before any is made.
///
/// A member that is known is linked; one that is not, but is described in full, becomes an object
/// of its own under the id it brought. Used once, under the store lock.
///
/// Source: the reference implementation's `src/server/util/meta_tree.cc`.
final class ObjectPlan {
  /// Levels of members below one object. Trees are walked by recursion, on stacks of 1 MiB.
  static final int MAX_DEPTH = 250;

  /// Fields that the daemon sets, and that are text.
  private static final Set<String> RESERVED = Set.of(Metadata.NAME, Metadata.LABELS);

  /// About how many bytes a blob takes in its owner's text.
  private static final int BLOB_BYTES = 160;

  /// What tells of a member that it is known.
  private static final Json.Fields PLACEHOLDER =
      Json.Fields.of(Map.of(Metadata.ID, Json.Null.NULL));

  private final ObjectTable objects;
  private final IdGenerator ids;
  private final long nowMillis;
  private final List<ObjectId> blobs;
  private final List<ObjectId> tops = new ArrayList<>();
  private final Map<ObjectId, LiveObject> planned = new LinkedHashMap<>();
  private final Set<ObjectId> inProgress = new HashSet<>();

  /// @param blobs what trees can name by its index
  ObjectPlan(ObjectTable objects, IdGenerator ids, long nowMillis, List<ObjectId> blobs) {
    this.objects = objects;
    this.ids = ids;
    this.nowMillis = nowMillis;
    this.blobs = blobs;
  }

  /// The objects to make, members before owners.
  Iterable<LiveObject> objects() {
    return planned.values();
  }

  /// Plans one tree.
  ///
  /// @return the object at its top, with a fresh id
  /// @throws StoreException if the tree breaks a rule; the plan must then be thrown away
  LiveObject add(Json content) {
    if (!(content instanceof Json.Fields tree)) {
      throw refuse(Status.META_TREE_INVALID, "metadata must be an object");
    }
    LiveObject top = plan(tree, freshId(), nowMillis, false);
    tops.add(top.id());
    return top;
  }

  /// Clients choose the ids of members, so one may be taken before the generator comes to it.
  private ObjectId freshId() {
    ObjectId id = objects.freshId(ids);
    while (planned.containsKey(id)) {
      id = objects.freshId(ids);
    }
    return id;
  }

  private LiveObject plan(Json.Fields tree, ObjectId id, long createdMillis, boolean member) {
    String typeName = typeName(tree, Status.META_TREE_INVALID);
    if (typeName.equals(Metadata.BLOB_TYPE)) {
      throw refuse(Status.ASSERTION_FAILED, "a blob is not made from metadata");
    }
    if (!tree.has(Metadata.INSTANCE_ID)) {
      throw refuse(Status.ASSERTION_FAILED, "metadata has no field 'instance_id'");
    }
    long instanceId = tree.whole(Metadata.INSTANCE_ID);
    boolean global = tree.flag(Metadata.GLOBAL, false);
    boolean persistent = !tree.flag(Metadata.TRANSIENT, true);
    if (member && !tree.has(Metadata.SIGNATURE)) {
      throw refuse(Status.META_TREE_INVALID, "member " + id + " has no field 'signature'");
    }
    long signature =
        tree.has(Metadata.SIGNATURE) ? tree.whole(Metadata.SIGNATURE) : ids.signature();

    checkSize(inProgress.size(), 0);
    inProgress.add(id);
    List<Member> members = new ArrayList<>();
    Map<String, Json> plain = new LinkedHashMap<>();
    int depth = 0;
    long membersBytes = 0;
    boolean together = true;
    for (Map.Entry<String, Json> field : tree.values().entrySet()) {
      if (LiveObject.keptApart(field.getKey())) {
        continue;
      }
      if (!(field.getValue() instanceof Json.Fields below)) {
        plain.put(objects.shared(field.getKey()), field.getValue());
        continue;
      }
      if (RESERVED.contains(field.getKey())) {
        throw refuse(
            Status.META_TREE_NAME_INVALID, "no member can be named '" + field.getKey() + "'");
      }
      Member planned = member(field.getKey(), below, global, instanceId);
      members.add(planned);
      together &= planned.instanceId() == instanceId;
      LiveObject object = findPlannedOrKnown(planned.id());
      depth = Math.max(depth, object == null ? 0 : object.depth() + 1);
      membersBytes += planned.name().length();
      membersBytes +=
          object == null ? BLOB_BYTES + planned.typeName().length() : object.expandedBytes();
      checkSize(depth, membersBytes);
    }
    inProgress.remove(id);

    LiveObject object =
        new LiveObject(
            id,
            signature,
            together ? instanceId : InstanceId.UNSPECIFIED,
            createdMillis,
            objects.shared(typeName),
            persistent,
            plain,
            members,
            depth,
            membersBytes);
    checkSize(depth, object.expandedBytes());
    planned.put(id, object);
    return object;
  }

  private static void checkSize(int depth, long textBytes) {
    if (depth > MAX_DEPTH || textBytes > ObjectTable.MAX_TEXT_BYTES) {
      throw refuse(
          Status.META_TREE_INVALID,
          "an object may have %d levels of members and %d bytes of text with them"
              .formatted(MAX_DEPTH, ObjectTable.MAX_TEXT_BYTES));
    }
  }

  private Member member(String name, Json.Fields tree, boolean globalOwner, long ownerInstanceId) {
    Member member = memberOf(name, tree, globalOwner);
    if (!globalOwner && member.instanceId() != ownerInstanceId) {
      throw refuse(
          Status.GLOBAL_OBJECT_INVALID,
          "member '%s' lives on instance %s and its owner, which is not global, on %s"
              .formatted(
                  name,
                  Long.toUnsignedString(member.instanceId()),
                  Long.toUnsignedString(ownerInstanceId)));
    }
    if (globalOwner && member.signature() == 0) {
      throw refuse(
          Status.GLOBAL_OBJECT_INVALID,
          "member '" + name + "' of a global object has no signature");
    }
    return member;
  }

  private Member memberOf(String name, Json.Fields tree, boolean globalOwner) {
    if (tree.has(ExtentRequest.Put.BLOB)) {
      ObjectId id = named(name, tree, ExtentRequest.Put.BLOB, blobs);
      return new Member(objects.shared(name), id, Metadata.BLOB_TYPE, objects.instanceId(), 0);
    }
    if (tree.has(ExtentRequest.Put.OBJECT)) {
      ObjectId id = named(name, tree, ExtentRequest.Put.OBJECT, tops);
      return object(name, id, PLACEHOLDER, globalOwner);
    }
    ObjectId id = memberId(name, tree);
    return id.isBlob() ? blob(name, id, tree) : object(name, id, tree, globalOwner);
  }

  private static ObjectId named(String name, Json.Fields tree, String by, List<ObjectId> from) {
    long index = tree.whole(by);
    if (index < 0 || index >= from.size()) {
      throw refuse(
          Status.META_TREE_SUBTREE_NOT_EXISTS,
          "member '%s' is number %d of %d in this request".formatted(name, index, from.size()));
    }
    return from.get((int) index);
  }

  private static ObjectId memberId(String name, Json.Fields tree) {
    Json id = tree.find(Metadata.ID);
    if (id == null) {
      throw refuse(Status.META_TREE_NAME_NOT_EXISTS, "member '" + name + "' has no id");
    }
    if (!(id instanceof Json.Text(var text)) || text.contains("/")) {
      throw refuse(Status.META_TREE_NAME_INVALID, "member '" + name + "' has an id that is none");
    }
    return ObjectId.parse(text);
  }

  private Member blob(String name, ObjectId id, Json.Fields tree) {
    if (tree.values().size() == 1) {
      throw refuse(
          Status.META_TREE_INVALID, "blob '" + name + "' cannot be a member by its id alone");
    }
    String typeName = typeName(tree, Status.META_TREE_TYPE_NOT_EXISTS);
    int parameters = typeName.indexOf('<');
    return new Member(
        objects.shared(name),
        id,
        objects.shared(parameters < 0 ? typeName : typeName.substring(0, parameters)),
        instanceId(name, tree),
        tree.has(Metadata.SIGNATURE) ? tree.whole(Metadata.SIGNATURE) : 0);
  }

  private Member object(String name, ObjectId id, Json.Fields tree, boolean globalOwner) {
    boolean placeholder = tree.values().size() == 1;
    if (inProgress.contains(id)) {
      throw refuse(Status.META_TREE_INVALID, "member '" + name + "' contains itself");
    }
    LiveObject object = findPlannedOrKnown(id);
    if (object == null) {
      if (placeholder) {
        throw refuse(
            Status.META_TREE_SUBTREE_NOT_EXISTS, "member '" + name + "' is unknown: " + id);
      }
      typeName(tree, Status.META_TREE_TYPE_NOT_EXISTS);
      object = plan(tree, id, 0, true);
    }
    if (globalOwner && object.global()) {
      throw refuse(
          Status.GLOBAL_OBJECT_INVALID,
          "member '" + name + "' of a global object is global itself");
    }
    return new Member(
        objects.shared(name),
        id,
        object.typeName(),
        placeholder ? object.instanceId() : instanceId(name, tree),
        object.signature());
  }

  private @Nullable LiveObject findPlannedOrKnown(ObjectId id) {
    LiveObject object = planned.get(id);
    return object != null ? object : objects.find(id);
  }

  private static String typeName(Json.Fields tree, Status otherwise) {
    if (tree.find(Metadata.TYPE_NAME) instanceof Json.Text(var text)) {
      return text;
    }
    throw refuse(otherwise, "metadata has no type name");
  }

  private static long instanceId(String name, Json.Fields tree) {
    if (!tree.has(Metadata.INSTANCE_ID)) {
      throw refuse(Status.META_TREE_INVALID, "member '" + name + "' has no field 'instance_id'");
    }
    return tree.whole(Metadata.INSTANCE_ID);
  }

  private static StoreException refuse(Status status, String detail) {
    return StoreException.of(status, detail);
  }
}
