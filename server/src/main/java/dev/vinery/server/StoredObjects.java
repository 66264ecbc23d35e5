package dev.vinery.server;

import dev.vinery.metadata.Link;
import dev.vinery.metadata.StoredObject;
import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes objects of what a metadata store keeps of them. Guarded by the store lock.
final class StoredObjects {
  /// What stands for the member of a global object while nothing bears its signature.
  private static final ObjectId NOBODY = new ObjectId(0);

  /// About how many bytes a blob takes in its owner's text.
  private static final int BLOB_BYTES = 160;

  private final ObjectTable objects;

  StoredObjects(ObjectTable objects) {
    this.objects = objects;
  }

  /// Makes a persistent object, which is not in the table yet. Members that are not there are
  /// linked all the same.
  ///
  /// @throws ProtocolException if a field is missing or is of the wrong kind
  LiveObject read(ObjectId id, StoredObject stored) {
    Json.Fields fields = stored.fields();
    String typeName = fields.text(Metadata.TYPE_NAME);
    if (typeName.equals(Metadata.BLOB_TYPE)) {
      throw new ProtocolException("a blob is not made from metadata");
    }
    long instanceId = fields.whole(Metadata.INSTANCE_ID, InstanceId.UNSPECIFIED);
    Map<String, Json> plain = new LinkedHashMap<>();
    fields
        .values()
        .forEach((name, value) -> {
          if (!LiveObject.keptApart(name)) {
            plain.put(objects.shared(name), value);
          }
        });
    List<Member> members = new ArrayList<>();
    int depth = 0;
    long membersBytes = 0;
    for (Map.Entry<String, Link> link : stored.members().entrySet()) {
      LiveObject below = below(link.getValue());
      Member member = member(objects.shared(link.getKey()), link.getValue(), below, instanceId);
      members.add(member);
      depth = Math.max(depth, below == null ? 0 : below.depth() + 1);
      membersBytes += member.name().length();
      membersBytes +=
          below == null ? BLOB_BYTES + member.typeName().length() : below.expandedBytes();
    }
    if (depth > ObjectPlan.MAX_DEPTH) {
      throw new ProtocolException(
          "an object may have %d levels of members".formatted(ObjectPlan.MAX_DEPTH));
    }
    return new LiveObject(
        id,
        fields.whole(Metadata.SIGNATURE, 0),
        instanceId,
        fields.whole(Metadata.CREATED_MILLIS, 0),
        objects.shared(typeName),
        true,
        plain,
        members,
        depth,
        membersBytes);
  }

  private @Nullable LiveObject below(Link link) {
    return switch (link) {
      case Link.ById(var id, _, _) -> id.isBlob() ? null : objects.find(id);
      case Link.BySignature(var signature, _, _) -> objects.nearest(signature);
    };
  }

  private static Member member(
      String name, Link link, @Nullable LiveObject below, long ownerInstanceId) {
    return switch (link) {
      case Link.ById(var id, var typeName, var instanceId) ->
          new Member(
              name,
              id,
              below == null ? typeName : below.typeName(),
              id.isBlob() ? instanceId : ownerInstanceId,
              below == null ? 0 : below.signature());
      case Link.BySignature(var signature, var typeName, _) ->
          new Member(
              name,
              below == null ? NOBODY : below.id(),
              below == null ? typeName : below.typeName(),
              below == null ? InstanceId.UNSPECIFIED : below.instanceId(),
              signature);
    };
  }
}
