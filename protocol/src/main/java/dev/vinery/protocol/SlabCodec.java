package dev.vinery.protocol;

import java.util.List;
import java.util.Map;

/// [SlabRequest] and [SlabReply] as JSON.
final class SlabCodec {
  private static final String MAKE = "make_arena_request";
  private static final String FINISH = "finalize_arena_request";

  private static final String MADE = "make_arena_reply";

  static final Map<String, Codec.Reader<SlabRequest>> REQUESTS =
      Map.of(
          MAKE, in -> new SlabRequest.Make(slabSize(in)),
          FINISH,
              in ->
                  new SlabRequest.Finish(
                      in.storeFd("fd"), in.counts("offsets"), in.counts("sizes")));

  static final Map<String, Codec.Reader<SlabReply>> REPLIES =
      Map.of(
          MADE,
          in ->
              new SlabReply.Made(
                  in.storeFd("fd"), in.count("size"), in.whole("base", 0), List.of()));

  private SlabCodec() {}

  static void write(SlabRequest request, JsonWriter out) {
    switch (request) {
      case SlabRequest.Make(var sizeBytes) -> out.field("size", sizeBytes).field(Codec.TYPE, MAKE);
      case SlabRequest.Finish(var storeFd, var offsets, var sizes) ->
          out.name("fd")
              .signed(storeFd)
              .numbers("offsets", offsets)
              .numbers("sizes", sizes)
              .field(Codec.TYPE, FINISH);
    }
  }

  static void write(SlabReply reply, JsonWriter out) {
    switch (reply) {
      case SlabReply.Made(var storeFd, var sizeBytes, var pointer, _) ->
          out.field("base", pointer)
              .name("fd")
              .signed(storeFd)
              .field("size", sizeBytes)
              .field(Codec.TYPE, MADE);
    }
  }

  private static long slabSize(Json.Fields in) {
    boolean limit = in.get("size") instanceof Json.Whole(var bits, _) && bits == -1L;
    return limit ? SlabRequest.Make.MEMORY_LIMIT : in.count("size");
  }
}
