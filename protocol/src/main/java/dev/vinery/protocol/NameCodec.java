package dev.vinery.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// [NameRequest] and [NameReply] as JSON.
final class NameCodec {
  private static final String PUT = "put_name_request";
  private static final String GET = "get_name_request";
  private static final String FIND = "list_name_request";
  private static final String DROP = "drop_name_request";

  private static final String FOUND = "get_name_reply";
  private static final String LISTED = "list_name_reply";

  static final Map<String, Codec.Reader<NameRequest>> REQUESTS =
      Map.of(
          PUT, in -> new NameRequest.Put(in.text("name"), in.id("object_id")),
          GET, in -> new NameRequest.Get(in.text("name"), in.flag("wait")),
          FIND,
              in ->
                  new NameRequest.Find(
                      in.text("pattern"), in.flag("regex", false), in.count("limit")),
          DROP, in -> new NameRequest.Drop(in.text("name")));

  static final Map<String, Codec.Reader<NameReply>> REPLIES =
      Map.of(
          FOUND, in -> new NameReply.Found(in.id("object_id")),
          LISTED, in -> new NameReply.Listed(names(in.fields("names"))));

  private NameCodec() {}

  static void write(NameRequest request, JsonWriter out) {
    switch (request) {
      case NameRequest.Put(var name, var id) ->
          out.field("name", name).field("object_id", id).field(Codec.TYPE, PUT);
      case NameRequest.Get(var name, var blocking) ->
          out.field("name", name).field(Codec.TYPE, GET).field("wait", blocking);
      case NameRequest.Find(var pattern, var regex, var limit) ->
          out.field("limit", limit)
              .field("pattern", pattern)
              .field("regex", regex)
              .field(Codec.TYPE, FIND);
      case NameRequest.Drop(var name) -> out.field("name", name).field(Codec.TYPE, DROP);
    }
  }

  static void write(NameReply reply, JsonWriter out) {
    switch (reply) {
      case NameReply.Found(var id) -> out.field("object_id", id).field(Codec.TYPE, FOUND);
      case NameReply.Listed(var names) -> {
        out.name("names").beginObject();
        names.forEach(out::field);
        out.endObject().field("size", names.size()).field(Codec.TYPE, LISTED);
      }
    }
  }

  private static SequencedMap<String, ObjectId> names(Json.Fields in) {
    var names = new LinkedHashMap<String, ObjectId>();
    in.values().keySet().forEach(name -> names.put(name, in.id(name)));
    return names;
  }
}
