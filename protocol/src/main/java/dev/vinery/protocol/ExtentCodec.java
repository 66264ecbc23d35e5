package dev.vinery.protocol;

import java.util.Map;

/// [ExtentRequest] and [ExtentReply] as JSON.
final class ExtentCodec {
  private static final String LEASE = "vinery_lease_request";
  private static final String RETURN = "vinery_return_request";
  private static final String PUT = "vinery_put_request";

  private static final String LEASED = "vinery_lease_reply";
  private static final String STORED = "vinery_put_reply";

  static final Map<String, Codec.Reader<ExtentRequest>> REQUESTS =
      Map.of(
          LEASE, in -> new ExtentRequest.Lease(in.count("size")),
          RETURN, in -> new ExtentRequest.Return(in.storeFd("extent")),
          PUT,
              in ->
                  new ExtentRequest.Put(
                      in.storeFd("extent"),
                      in.count("offset"),
                      in.counts("sizes"),
                      in.items("contents")));

  static final Map<String, Codec.Reader<ExtentReply>> REPLIES =
      Map.of(
          LEASED,
          in ->
              new ExtentReply.Leased(
                  in.storeFd("extent"),
                  Payload.read(in.fields("memory")),
                  in.storeFd("fd", Payload.NO_STORE_FD)),
          STORED,
          in -> new ExtentReply.Stored(in.ids("blobs"), in.ids("objects")));

  private ExtentCodec() {}

  static void write(ExtentRequest request, JsonWriter out) {
    switch (request) {
      case ExtentRequest.Lease(var sizeBytes) ->
          out.field("size", sizeBytes).field(Codec.TYPE, LEASE);
      case ExtentRequest.Return(var extent) ->
          out.field("extent", extent).field(Codec.TYPE, RETURN);
      case ExtentRequest.Put(var extent, var offset, var sizes, var contents) -> {
        out.name("contents").beginArray();
        contents.forEach(out::value);
        out.endArray()
            .field("extent", extent)
            .field("offset", offset)
            .numbers("sizes", sizes)
            .field(Codec.TYPE, PUT);
      }
    }
  }

  static void write(ExtentReply reply, JsonWriter out) {
    switch (reply) {
      case ExtentReply.Leased(var extent, var memory, var storeFd) -> {
        out.field("extent", extent).name("fd").signed(storeFd);
        memory.write(out.name("memory"));
        out.field(Codec.TYPE, LEASED);
      }
      case ExtentReply.Stored(var blobs, var objects) ->
          out.ids("blobs", blobs).ids("objects", objects).field(Codec.TYPE, STORED);
    }
  }
}
