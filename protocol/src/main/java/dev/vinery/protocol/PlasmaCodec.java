package dev.vinery.protocol;

import java.util.List;
import java.util.Map;

/// [PlasmaRequest] and [PlasmaReply] as JSON.
final class PlasmaCodec {
  private static final String CREATE = "create_buffer_by_plasma_request";
  private static final String GET = "get_buffers_by_plasma_request";
  private static final String SEAL = "plasma_seal_request";
  private static final String RELEASE = "plasma_release_request";
  private static final String DELETE = "plasma_delete_data_request";

  private static final String CREATED = "create_buffer_by_plasma_reply";
  private static final String FOUND = "get_buffers_by_plasma_reply";

  private static final String PLASMA_ID = "plasma_id";

  static final Map<String, Codec.Reader<PlasmaRequest>> REQUESTS =
      Map.of(
          CREATE,
          in ->
              new PlasmaRequest.Create(
                  in.text(PLASMA_ID), in.count("size"), in.count("plasma_size")),
          GET,
          in -> new PlasmaRequest.Get(plasmaIds(in), in.flag("unsafe", false)),
          SEAL,
          in -> new PlasmaRequest.Seal(in.text(PLASMA_ID)),
          RELEASE,
          in -> new PlasmaRequest.Release(in.text(PLASMA_ID)),
          DELETE,
          in -> new PlasmaRequest.Delete(in.text(PLASMA_ID)));

  static final Map<String, Codec.Reader<PlasmaReply>> REPLIES =
      Map.of(
          CREATED,
          in ->
              new PlasmaReply.Created(
                  in.id("id"),
                  PlasmaPayload.read(in.fields("created")),
                  in.storeFd("fd", Payload.NO_STORE_FD)),
          FOUND,
          in -> new PlasmaReply.Found(payloads(in), List.of()));

  private PlasmaCodec() {}

  static void write(PlasmaRequest request, JsonWriter out) {
    switch (request) {
      case PlasmaRequest.Create(var plasmaId, var sizeBytes, var plasmaSizeBytes) ->
          out.field(PLASMA_ID, plasmaId)
              .field("plasma_size", plasmaSizeBytes)
              .field("size", sizeBytes)
              .field(Codec.TYPE, CREATE);
      case PlasmaRequest.Get(var plasmaIds, var unsealed) -> {
        for (int i = 0; i < plasmaIds.size(); i++) {
          out.field(Integer.toString(i), plasmaIds.get(i));
        }
        out.field("num", plasmaIds.size()).field(Codec.TYPE, GET).field("unsafe", unsealed);
      }
      case PlasmaRequest.Seal(var plasmaId) ->
          out.field(PLASMA_ID, plasmaId).field(Codec.TYPE, SEAL);
      case PlasmaRequest.Release(var plasmaId) ->
          out.field(PLASMA_ID, plasmaId).field(Codec.TYPE, RELEASE);
      case PlasmaRequest.Delete(var plasmaId) ->
          out.field(PLASMA_ID, plasmaId).field(Codec.TYPE, DELETE);
    }
  }

  static void write(PlasmaReply reply, JsonWriter out) {
    switch (reply) {
      case PlasmaReply.Created(var id, var payload, var storeFd) -> {
        out.name("created");
        payload.write(out);
        out.name("fd").signed(storeFd).field("id", id).field(Codec.TYPE, CREATED);
      }
      case PlasmaReply.Found(var payloads, _) -> {
        for (int i = 0; i < payloads.size(); i++) {
          out.name(Integer.toString(i));
          payloads.get(i).write(out);
        }
        out.field("num", payloads.size()).field(Codec.TYPE, FOUND);
      }
    }
  }

  private static List<String> plasmaIds(Json.Fields in) {
    return in.numbered().stream()
        .map(id -> {
          if (id instanceof Json.Text(var text)) {
            return text;
          }
          throw new ProtocolException("a plasma id must be a string");
        })
        .toList();
  }

  private static List<PlasmaPayload> payloads(Json.Fields in) {
    return in.numbered().stream()
        .map(item -> {
          if (item instanceof Json.Fields fields) {
            return PlasmaPayload.read(fields);
          }
          throw new ProtocolException("a payload must be an object");
        })
        .toList();
  }
}
