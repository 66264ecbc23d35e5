package dev.vinery.protocol;

import java.util.List;
import java.util.Map;

/// [BlobRequest] and [BlobReply] as JSON.
final class BlobCodec {
  private static final String CREATE = "create_buffer_request";
  private static final String CREATE_MANY = "create_buffers_request";
  private static final String CREATE_ON_DISK = "create_disk_buffer_request";
  private static final String SEAL = "seal_request";
  private static final String GET = "get_buffers_request";
  private static final String DROP = "drop_buffer_request";
  private static final String SHRINK = "shrink_buffer_request";
  private static final String HOLD = "increase_reference_count_request";
  private static final String RELEASE = "release_request";

  private static final String CREATED = "create_buffer_reply";
  private static final String CREATED_MANY = "create_buffers_reply";
  private static final String CREATED_ON_DISK = "create_disk_buffer_reply";
  private static final String FOUND = "get_buffers_reply";

  static final Map<String, Codec.Reader<BlobRequest>> REQUESTS =
      Map.of(
          CREATE, in -> new BlobRequest.Create(in.count("size")),
          CREATE_MANY, in -> new BlobRequest.CreateMany(in.counts("sizes")),
          CREATE_ON_DISK, in -> new BlobRequest.CreateOnDisk(in.count("size"), in.text("path")),
          SEAL, in -> new BlobRequest.Seal(in.id("object_id")),
          GET, in -> new BlobRequest.Get(wantedIds(in), in.flag("unsafe", false)),
          DROP, in -> new BlobRequest.Drop(in.id("id")),
          SHRINK, in -> new BlobRequest.Shrink(in.id("id"), in.count("size")),
          HOLD, in -> new BlobRequest.Hold(in.ids("ids")),
          RELEASE, in -> new BlobRequest.Release(in.id("object_id")));

  static final Map<String, Codec.Reader<BlobReply>> REPLIES =
      Map.of(
          CREATED,
          in ->
              new BlobReply.Created(
                  Payload.read(in.fields("created")), in.storeFd("fd", Payload.NO_STORE_FD)),
          CREATED_ON_DISK,
          in ->
              new BlobReply.CreatedOnDisk(
                  Payload.read(in.fields("created")), in.storeFd("fd", Payload.NO_STORE_FD)),
          CREATED_MANY,
          in -> new BlobReply.CreatedMany(payloads(in), storeFds(in)),
          FOUND,
          in -> new BlobReply.Found(payloads(in), storeFds(in), in.flag("compress", false)));

  private BlobCodec() {}

  static void write(BlobRequest request, JsonWriter out) {
    switch (request) {
      case BlobRequest.Create(var sizeBytes) ->
          out.field("size", sizeBytes).field(Codec.TYPE, CREATE);
      case BlobRequest.CreateMany(var sizes) ->
          out.field("num", sizes.size()).numbers("sizes", sizes).field(Codec.TYPE, CREATE_MANY);
      case BlobRequest.CreateOnDisk(var sizeBytes, var path) ->
          out.field("path", path).field("size", sizeBytes).field(Codec.TYPE, CREATE_ON_DISK);
      case BlobRequest.Seal(var id) -> out.field("object_id", id).field(Codec.TYPE, SEAL);
      case BlobRequest.Get(var ids, var unsealed) -> {
        numbered(ids, out);
        out.field("num", ids.size()).field(Codec.TYPE, GET).field("unsafe", unsealed);
      }
      case BlobRequest.Drop(var id) -> out.field("id", id).field(Codec.TYPE, DROP);
      case BlobRequest.Shrink(var id, var sizeBytes) ->
          out.field("id", id).field("size", sizeBytes).field(Codec.TYPE, SHRINK);
      case BlobRequest.Hold(var ids) -> out.ids("ids", ids).field(Codec.TYPE, HOLD);
      case BlobRequest.Release(var id) -> out.field("object_id", id).field(Codec.TYPE, RELEASE);
    }
  }

  static void write(BlobReply reply, JsonWriter out) {
    switch (reply) {
      case BlobReply.Created(var payload, var storeFd) -> created(payload, storeFd, CREATED, out);
      case BlobReply.CreatedOnDisk(var payload, var storeFd) ->
          created(payload, storeFd, CREATED_ON_DISK, out);
      case BlobReply.CreatedMany(var payloads, var storeFds) -> {
        numberedPayloads(payloads, out);
        out.numbers("fds", storeFds.stream().sorted().toList());
        out.ids("ids", payloads.stream().map(Payload::id).toList()).field("num", payloads.size());
        payloads("payloads", payloads, out).field(Codec.TYPE, CREATED_MANY);
      }
      case BlobReply.Found(var payloads, var storeFds, var compressed) -> {
        numberedPayloads(payloads, out);
        out.field("compress", compressed).numbers("fds", storeFds).field("num", payloads.size());
        payloads("payloads", payloads, out).field(Codec.TYPE, FOUND);
      }
    }
  }

  private static void created(Payload payload, int storeFd, String type, JsonWriter out) {
    out.name("created");
    payload.write(out);
    out.name("fd").signed(storeFd).field("id", payload.id()).field(Codec.TYPE, type);
  }

  static void numbered(List<ObjectId> ids, JsonWriter out) {
    for (int i = 0; i < ids.size(); i++) {
      out.field(Integer.toString(i), ids.get(i));
    }
  }

  /// Clients differ in whether they read the array or the numbered members, so there are both.
  private static void numberedPayloads(List<Payload> payloads, JsonWriter out) {
    for (int i = 0; i < payloads.size(); i++) {
      out.name(Integer.toString(i));
      payloads.get(i).write(out);
    }
  }

  static JsonWriter payloads(String name, List<Payload> payloads, JsonWriter out) {
    out.name(name).beginArray();
    for (Payload payload : payloads) {
      payload.write(out);
    }
    return out.endArray();
  }

  private static List<ObjectId> wantedIds(Json.Fields in) {
    return in.find("ids") instanceof Json.Items ? in.ids("ids") : numberedIds(in);
  }

  static List<ObjectId> numberedIds(Json.Fields in) {
    return in.numbered().stream().map(id -> new ObjectId(Json.Fields.bits("id", id))).toList();
  }

  private static List<Payload> payloads(Json.Fields in) {
    List<Json> items =
        in.find("payloads") instanceof Json.Items(var payloads) ? payloads : in.numbered();
    return payloads(items);
  }

  static List<Payload> payloads(List<Json> items) {
    return items.stream()
        .map(item -> {
          if (item instanceof Json.Fields fields) {
            return Payload.read(fields);
          }
          throw new ProtocolException("a payload must be an object");
        })
        .toList();
  }

  private static List<Integer> storeFds(Json.Fields in) {
    return in.has("fds") ? in.storeFds("fds") : List.of();
  }
}
