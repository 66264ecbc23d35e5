package dev.vinery.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// [ObjectRequest] and [ObjectReply] as JSON.
final class ObjectCodec {
  private static final String CREATE = "create_data_request";
  private static final String CREATE_MANY = "create_datas_request";
  private static final String GET = "get_data_request";
  private static final String FIND = "list_data_request";
  private static final String EXISTS = "exists_request";
  private static final String PERSIST = "persist_request";
  private static final String IS_PERSISTENT = "if_persist_request";
  private static final String LABEL = "label_request";
  private static final String COPY = "shallow_copy_request";
  private static final String MIGRATE = "migrate_object_request";
  private static final String DELETE = "del_data_request";
  private static final String DELETE_WITH_FEEDBACK = "del_data_with_feedbacks_request";
  private static final String CLEAR = "clear_request";

  private static final String CREATED = "create_data_reply";
  private static final String CREATED_MANY = "create_datas_reply";
  private static final String FOUND = "get_data_reply"; // of a list, too
  private static final String HELD = "vinery_held";
  private static final String PAYLOADS = "vinery_payloads";
  private static final String EXISTS_REPLY = "exists_reply";
  private static final String IS_PERSISTENT_REPLY = "if_persist_reply";
  private static final String COPIED = "shallow_copy_reply";
  private static final String MIGRATED = "migrate_object_reply";
  private static final String DELETED = "del_data_with_feedbacks_reply";

  static final Map<String, Codec.Reader<ObjectRequest>> REQUESTS =
      Map.ofEntries(
          Map.entry(CREATE, in -> new ObjectRequest.Create(in.get("content"))),
          Map.entry(CREATE_MANY, in -> new ObjectRequest.CreateMany(in.items("contents"))),
          Map.entry(
              GET,
              in ->
                  new ObjectRequest.Get(
                      in.ids("id"),
                      in.flag("sync_remote", false),
                      in.flag("wait", false),
                      in.flag(HELD, false))),
          Map.entry(
              FIND,
              in ->
                  new ObjectRequest.Find(
                      in.text("pattern"), in.flag("regex", false), in.count("limit"))),
          Map.entry(EXISTS, in -> new ObjectRequest.Exists(in.id("id"))),
          Map.entry(PERSIST, in -> new ObjectRequest.Persist(in.id("id"))),
          Map.entry(IS_PERSISTENT, in -> new ObjectRequest.IsPersistent(in.id("id"))),
          Map.entry(LABEL, ObjectCodec::label),
          Map.entry(COPY, ObjectCodec::copy),
          Map.entry(MIGRATE, in -> new ObjectRequest.Migrate(in.id("object_id"))),
          Map.entry(DELETE, in -> delete(in, false)),
          Map.entry(DELETE_WITH_FEEDBACK, in -> delete(in, true)),
          Map.entry(CLEAR, _ -> new ObjectRequest.Clear()));

  static final Map<String, Codec.Reader<ObjectReply>> REPLIES =
      Map.of(
          CREATED,
          in ->
              new ObjectReply.Created(
                  new ObjectReply.Identity(
                      in.id("id"), in.whole("signature"), in.whole("instance_id"))),
          CREATED_MANY,
          in -> new ObjectReply.CreatedMany(identities(in)),
          FOUND,
          ObjectCodec::found,
          EXISTS_REPLY,
          in -> new ObjectReply.Exists(in.flag("exists")),
          IS_PERSISTENT_REPLY,
          in -> new ObjectReply.IsPersistent(in.flag("persist")),
          COPIED,
          in -> new ObjectReply.Copied(in.id("target_id")),
          MIGRATED,
          in -> new ObjectReply.Migrated(in.id("object_id")),
          DELETED,
          in -> new ObjectReply.Deleted(in.ids("deleted_bids")));

  private ObjectCodec() {}

  static void write(ObjectRequest request, JsonWriter out) {
    switch (request) {
      case ObjectRequest.Create(var content) ->
          out.name("content").value(content).field(Codec.TYPE, CREATE);
      case ObjectRequest.CreateMany(var contents) ->
          out.name("contents")
              .value(new Json.Items(contents))
              .field("num", contents.size())
              .field(Codec.TYPE, CREATE_MANY);
      case ObjectRequest.Get(var ids, var synced, var blocking, var held) -> {
        out.ids("id", ids).field("sync_remote", synced).field(Codec.TYPE, GET);
        if (held) { // official peers do not know the field
          out.field(HELD, true);
        }
        out.field("wait", blocking);
      }
      case ObjectRequest.Find(var pattern, var regex, var limit) ->
          out.field("limit", limit)
              .field("pattern", pattern)
              .field("regex", regex)
              .field(Codec.TYPE, FIND);
      case ObjectRequest.Exists(var id) -> out.field("id", id).field(Codec.TYPE, EXISTS);
      case ObjectRequest.Persist(var id) -> out.field("id", id).field(Codec.TYPE, PERSIST);
      case ObjectRequest.IsPersistent(var id) ->
          out.field("id", id).field(Codec.TYPE, IS_PERSISTENT);
      case ObjectRequest.Label(var id, var keys, var values) ->
          out.field("id", id).texts("keys", keys).field(Codec.TYPE, LABEL).texts("values", values);
      case ObjectRequest.Copy(var id, var extra) ->
          out.name("extra").value(extra).field("id", id).field(Codec.TYPE, COPY);
      case ObjectRequest.Migrate(var id) -> out.field("object_id", id).field(Codec.TYPE, MIGRATE);
      case ObjectRequest.Delete delete ->
          out.field("deep", delete.deep())
              .field("fastpath", delete.fastpath())
              .field("force", delete.force())
              .ids("id", delete.ids())
              .field("memory_trim", delete.trim())
              .field(Codec.TYPE, delete.feedback() ? DELETE_WITH_FEEDBACK : DELETE);
      case ObjectRequest.Clear() -> out.field(Codec.TYPE, CLEAR);
    }
  }

  static void write(ObjectReply reply, JsonWriter out) {
    switch (reply) {
      case ObjectReply.Created(var identity) ->
          out.field("id", identity.id())
              .field("instance_id", identity.instanceId())
              .field("signature", identity.signature())
              .field(Codec.TYPE, CREATED);
      case ObjectReply.CreatedMany(var identities) ->
          out.ids("ids", identities.stream().map(ObjectReply.Identity::id).toList())
              .numbers(
                  "instance_ids",
                  identities.stream().map(ObjectReply.Identity::instanceId).toList())
              .field("num", identities.size())
              .numbers(
                  "signatures", identities.stream().map(ObjectReply.Identity::signature).toList())
              .field(Codec.TYPE, CREATED_MANY);
      case ObjectReply.Found(var objects, var payloads, var descriptors) -> {
        out.name("content");
        if (objects.isEmpty()) {
          out.nothing();
        } else {
          out.beginObject();
          objects.forEach((id, metadata) -> out.name(id.toString()).raw(metadata.json()));
          out.endObject();
        }
        if (!payloads.isEmpty()) {
          out.numbers("fds", descriptors);
        }
        out.field(Codec.TYPE, FOUND);
        if (!payloads.isEmpty()) {
          BlobCodec.payloads(PAYLOADS, payloads, out);
        }
      }
      case ObjectReply.Exists(var exists) ->
          out.field("exists", exists).field(Codec.TYPE, EXISTS_REPLY);
      case ObjectReply.IsPersistent(var persistent) ->
          out.field("persist", persistent).field(Codec.TYPE, IS_PERSISTENT_REPLY);
      case ObjectReply.Copied(var id) -> out.field("target_id", id).field(Codec.TYPE, COPIED);
      case ObjectReply.Migrated(var id) -> out.field("object_id", id).field(Codec.TYPE, MIGRATED);
      case ObjectReply.Deleted(var blobs) ->
          out.ids("deleted_bids", blobs).field(Codec.TYPE, DELETED);
    }
  }

  private static ObjectRequest label(Json.Fields in) {
    List<String> keys = in.texts("keys");
    List<String> values = in.texts("values");
    if (keys.size() != values.size()) {
      throw new ProtocolException(
          "there are " + keys.size() + " keys of labels and " + values.size() + " values");
    }
    return new ObjectRequest.Label(in.id("id"), keys, values);
  }

  private static ObjectRequest copy(Json.Fields in) {
    Json extra = in.has("extra") ? in.get("extra") : Json.Fields.of(Map.of());
    return new ObjectRequest.Copy(in.id("id"), extra);
  }

  private static ObjectRequest delete(Json.Fields in, boolean feedback) {
    return new ObjectRequest.Delete(
        in.ids("id"),
        in.flag("force", false),
        in.flag("deep", false),
        in.flag("fastpath", false),
        in.flag("memory_trim", false),
        feedback);
  }

  private static List<ObjectReply.Identity> identities(Json.Fields in) {
    List<ObjectId> ids = in.ids("ids");
    List<Long> signatures = in.wholes("signatures");
    List<Long> instances = in.wholes("instance_ids");
    if (ids.size() != signatures.size() || ids.size() != instances.size()) {
      throw new ProtocolException("the arrays of a create_datas_reply differ in length");
    }
    List<ObjectReply.Identity> identities = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      identities.add(new ObjectReply.Identity(ids.get(i), signatures.get(i), instances.get(i)));
    }
    return identities;
  }

  private static ObjectReply found(Json.Fields in) {
    return in.has(PAYLOADS)
        ? new ObjectReply.Found(
            objects(in), BlobCodec.payloads(in.items(PAYLOADS)), in.storeFds("fds"))
        : new ObjectReply.Found(objects(in));
  }

  private static SequencedMap<ObjectId, Metadata> objects(Json.Fields in) {
    var objects = new LinkedHashMap<ObjectId, Metadata>();
    if (in.get("content") != Json.Null.NULL) { // daemons send null if nothing was found
      Json.Fields content = in.fields("content");
      for (String id : content.values().keySet()) {
        objects.put(ObjectId.parse(id), Metadata.of(content.fields(id)));
      }
    }
    return objects;
  }
}
