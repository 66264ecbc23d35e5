package dev.vinery.protocol;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// [SessionRequest] and [SessionReply] as JSON.
final class SessionCodec {
  private static final String REGISTER = "register_request";
  private static final String INDEX = "vinery_index_request";
  private static final String EXIT = "exit_request";
  private static final String OPEN = "new_session_request";
  private static final String DELETE = "delete_session_request";
  private static final String MOVE_BUFFERS = "move_buffers_ownership_request";

  private static final String REGISTERED = "register_reply";
  private static final String INDEX_REPLY = "vinery_index_reply";
  private static final String OPENED = "new_session_reply";

  /// What the reference implementation takes for a version that is absent.
  private static final String NO_VERSION = "0.0.0";

  static final Map<String, Codec.Reader<SessionRequest>> REQUESTS =
      Map.of(
          REGISTER,
          in ->
              new SessionRequest.Register(
                  in.text("version", NO_VERSION),
                  storeType(in),
                  in.whole("session_id", 0),
                  in.text("username", ""),
                  in.text("password", ""),
                  Extension.read(in)),
          INDEX,
          _ -> new SessionRequest.Index(),
          EXIT,
          _ -> new SessionRequest.Exit(),
          OPEN,
          in ->
              new SessionRequest.Open(SessionRequest.StoreType.of(in.whole("bulk_store_type", 1))),
          DELETE,
          _ -> new SessionRequest.Delete(),
          MOVE_BUFFERS,
          SessionCodec::moveBuffers);

  static final Map<String, Codec.Reader<SessionReply>> REPLIES =
      Map.of(
          REGISTERED,
          in ->
              new SessionReply.Registered(
                  in.text("version", NO_VERSION),
                  in.text("ipc_socket"),
                  in.text("rpc_endpoint"),
                  in.whole("instance_id"),
                  in.whole("session_id"),
                  in.flag("store_match", true),
                  in.flag("support_rpc_compression", false),
                  Extension.read(in)),
          INDEX_REPLY,
          in ->
              new SessionReply.Index(
                  Payload.read(in.fields("index")),
                  Payload.read(in.fields("pins")),
                  Payload.read(in.fields("pool")),
                  in.storeFds("fds")),
          OPENED,
          in -> new SessionReply.Opened(path(in.text("socket_path"))));

  private SessionCodec() {}

  static void write(SessionRequest request, JsonWriter out) {
    switch (request) {
      case SessionRequest.Register register -> {
        out.field("password", register.password())
            .name("session_id")
            .signed(register.sessionId())
            .field("store_type", register.storeType().code())
            .field(Codec.TYPE, REGISTER)
            .field("username", register.username())
            .field("version", register.version());
        Extension.write(register.extensions(), out);
      }
      case SessionRequest.Index() -> out.field(Codec.TYPE, INDEX);
      case SessionRequest.Exit() -> out.field(Codec.TYPE, EXIT);
      case SessionRequest.Open(var storeType) ->
          out.field("bulk_store_type", storeType.code()).field(Codec.TYPE, OPEN);
      case SessionRequest.Delete() -> out.field(Codec.TYPE, DELETE);
      case SessionRequest.MoveBuffers move -> {
        pairs("id_to_id", move.idToId(), JsonWriter::id, out);
        pairs("id_to_pid", move.idToPlasma(), JsonWriter::text, out);
        object("pid_to_id", move.plasmaToId(), JsonWriter::id, out);
        object("pid_to_pid", move.plasmaToPlasma(), JsonWriter::text, out);
        out.name("session_id").signed(move.sourceSessionId()).field(Codec.TYPE, MOVE_BUFFERS);
      }
    }
  }

  static void write(SessionReply reply, JsonWriter out) {
    switch (reply) {
      case SessionReply.Registered registered -> {
        out.field("instance_id", registered.instanceId())
            .field("ipc_socket", registered.ipcSocket())
            .field("rpc_endpoint", registered.rpcEndpoint())
            .name("session_id")
            .signed(registered.sessionId())
            .field("store_match", registered.storeMatch())
            .field("support_rpc_compression", registered.compression())
            .field(Codec.TYPE, REGISTERED)
            .field("version", registered.version());
        Extension.write(registered.extensions(), out);
      }
      case SessionReply.Index(var index, var pins, var pool, var descriptors) -> {
        out.numbers("fds", descriptors);
        index.write(out.name("index"));
        pins.write(out.name("pins"));
        pool.write(out.name("pool"));
        out.field(Codec.TYPE, INDEX_REPLY);
      }
      case SessionReply.Opened(var socket) ->
          out.field("socket_path", socket.toString()).field(Codec.TYPE, OPENED);
    }
  }

  /// Official clients send a number or a word; one of them sends nothing.
  private static SessionRequest.StoreType storeType(Json.Fields in) {
    if (in.find("store_type") instanceof Json.Text(var word)) {
      return word.equals("Plasma")
          ? SessionRequest.StoreType.PLASMA
          : SessionRequest.StoreType.NORMAL;
    }
    return SessionRequest.StoreType.of(in.whole("store_type", 1));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new ProtocolException("field 'socket_path' must be a path");
    }
  }

  private static SessionRequest moveBuffers(Json.Fields in) {
    var idToId = new LinkedHashMap<ObjectId, ObjectId>();
    for (List<Json> pair : pairs(in, "id_to_id")) {
      idToId.put(id(pair.getFirst()), id(pair.getLast()));
    }
    var idToPlasma = new LinkedHashMap<ObjectId, String>();
    for (List<Json> pair : pairs(in, "id_to_pid")) {
      idToPlasma.put(id(pair.getFirst()), text(pair.getLast()));
    }
    var plasmaToId = new LinkedHashMap<String, ObjectId>();
    if (in.has("pid_to_id")) {
      in.fields("pid_to_id").values().forEach((key, value) -> plasmaToId.put(key, id(value)));
    }
    var plasmaToPlasma = new LinkedHashMap<String, String>();
    if (in.has("pid_to_pid")) {
      in.fields("pid_to_pid").values().forEach((key, to) -> plasmaToPlasma.put(key, text(to)));
    }
    return new SessionRequest.MoveBuffers(
        in.whole("session_id"), idToId, idToPlasma, plasmaToId, plasmaToPlasma);
  }

  private static List<List<Json>> pairs(Json.Fields in, String name) {
    if (!in.has(name)) {
      return List.of();
    }
    return in.items(name).stream()
        .map(item -> {
          if (item instanceof Json.Items(var pair) && pair.size() == 2) {
            return pair;
          }
          throw new ProtocolException("field '" + name + "' must hold pairs");
        })
        .toList();
  }

  private static ObjectId id(Json value) {
    return new ObjectId(Json.Fields.bits("id", value));
  }

  private static String text(Json value) {
    if (value instanceof Json.Text(var text)) {
      return text;
    }
    throw new ProtocolException("a plasma id must be a string");
  }

  /// A map with numbers for keys is an array of pairs on the wire.
  private static <T> void pairs(
      String name, Map<ObjectId, T> map, Printer<T> printer, JsonWriter out) {
    out.name(name).beginArray();
    map.forEach((key, value) -> printer.print(out.beginArray().id(key), value).endArray());
    out.endArray();
  }

  private static <T> void object(
      String name, Map<String, T> map, Printer<T> printer, JsonWriter out) {
    out.name(name).beginObject();
    map.forEach((key, value) -> printer.print(out.name(key), value));
    out.endObject();
  }

  private interface Printer<T> {
    JsonWriter print(JsonWriter out, T value);
  }
}
