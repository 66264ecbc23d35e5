package dev.vinery.protocol;

import java.util.Map;

/// [SpillRequest] and [SpillReply] as JSON.
final class SpillCodec {
  private static final String EVICT = "evict_request";
  private static final String LOAD = "load_request";
  private static final String UNPIN = "unpin_request";
  private static final String IS_SPILLED = "is_spilled_request";
  private static final String IS_IN_USE = "is_in_use_request";
  private static final String TRIM = "memory_trim_request";

  private static final String SPILLED = "is_spilled_reply";
  private static final String IN_USE = "is_in_use_reply";
  private static final String TRIMMED = "memory_trim_reply";

  static final Map<String, Codec.Reader<SpillRequest>> REQUESTS =
      Map.of(
          EVICT, in -> new SpillRequest.Evict(in.ids("ids")),
          LOAD, in -> new SpillRequest.Load(in.ids("ids"), in.flag("pin", false)),
          UNPIN, in -> new SpillRequest.Unpin(in.ids("ids")),
          IS_SPILLED, in -> new SpillRequest.IsSpilled(in.id("id")),
          IS_IN_USE, in -> new SpillRequest.IsInUse(in.id("id")),
          TRIM, _ -> new SpillRequest.Trim());

  static final Map<String, Codec.Reader<SpillReply>> REPLIES =
      Map.of(
          SPILLED, in -> new SpillReply.IsSpilled(in.flag("is_spilled")),
          IN_USE, in -> new SpillReply.IsInUse(in.flag("is_in_use")),
          TRIMMED, in -> new SpillReply.Trimmed(in.flag("trimmed")));

  private SpillCodec() {}

  static void write(SpillRequest request, JsonWriter out) {
    switch (request) {
      case SpillRequest.Evict(var ids) -> out.ids("ids", ids).field(Codec.TYPE, EVICT);
      case SpillRequest.Load(var ids, var pin) ->
          out.ids("ids", ids).field("pin", pin).field(Codec.TYPE, LOAD);
      case SpillRequest.Unpin(var ids) -> out.ids("ids", ids).field(Codec.TYPE, UNPIN);
      case SpillRequest.IsSpilled(var id) -> out.field("id", id).field(Codec.TYPE, IS_SPILLED);
      case SpillRequest.IsInUse(var id) -> out.field("id", id).field(Codec.TYPE, IS_IN_USE);
      case SpillRequest.Trim() -> out.field(Codec.TYPE, TRIM);
    }
  }

  static void write(SpillReply reply, JsonWriter out) {
    switch (reply) {
      case SpillReply.IsSpilled(var spilled) ->
          out.field("is_spilled", spilled).field(Codec.TYPE, SPILLED);
      case SpillReply.IsInUse(var inUse) -> out.field("is_in_use", inUse).field(Codec.TYPE, IN_USE);
      case SpillReply.Trimmed(var trimmed) ->
          out.field("trimmed", trimmed).field(Codec.TYPE, TRIMMED);
    }
  }
}
