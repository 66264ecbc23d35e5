package dev.vinery.protocol;

import java.util.Map;

/// [StreamRequest] and [StreamReply] as JSON.
final class StreamCodec {
  private static final String CREATE = "create_stream_request";
  private static final String CREATE_ON_TERMS = "create_stream_on_terms_request";
  private static final String OPEN = "open_stream_request";
  private static final String PUSH = "push_next_stream_chunk_request";
  private static final String RESERVE = "get_next_stream_chunk_request";
  private static final String PULL = "pull_next_stream_chunk_request";
  private static final String STOP = "stop_stream_request";
  private static final String DROP = "drop_stream_request";
  private static final String SURVEY = "list_streams_request";

  private static final String RESERVED = "get_next_stream_chunk_reply";
  private static final String PULLED = "pull_next_stream_chunk_reply";
  private static final String SURVEYED = "list_streams_reply";

  private static final int READING = 1;
  private static final int WRITING = 2;

  static final Map<String, Codec.Reader<StreamRequest>> REQUESTS =
      Map.of(
          CREATE, in -> new StreamRequest.Create(in.id("object_id")),
          CREATE_ON_TERMS, in -> new StreamRequest.Create(in.id("object_id"), StreamTerms.read(in)),
          OPEN, StreamCodec::open,
          PUSH, in -> new StreamRequest.Push(in.id("id"), in.id("chunk"), in.flag("wait", false)),
          RESERVE, in -> new StreamRequest.Reserve(in.id("id"), in.count("size")),
          PULL, in -> new StreamRequest.Pull(in.id("id")),
          STOP, in -> new StreamRequest.Stop(in.id("id"), in.flag("failed"), in.text("reason", "")),
          DROP, in -> new StreamRequest.Drop(in.id("id")),
          SURVEY, _ -> new StreamRequest.Survey());

  static final Map<String, Codec.Reader<StreamReply>> REPLIES =
      Map.of(
          RESERVED,
              in ->
                  new StreamReply.Reserved(
                      Payload.read(in.fields("buffer")), in.storeFd("fd", Payload.NO_STORE_FD)),
          PULLED,
              in ->
                  new StreamReply.Pulled(
                      in.id("chunk"), in.whole("index", StreamReply.Pulled.UNKNOWN)),
          SURVEYED, StreamCodec::surveyed);

  private StreamCodec() {}

  static void write(StreamRequest request, JsonWriter out) {
    switch (request) {
      case StreamRequest.Create(var id, var terms) -> {
        if (terms.equals(StreamTerms.PLAIN)) {
          out.field("object_id", id).field(Codec.TYPE, CREATE);
        } else {
          terms.writeLimits(out);
          out.field("object_id", id)
              .field("shared", terms.shared())
              .field(Codec.TYPE, CREATE_ON_TERMS);
        }
      }
      case StreamRequest.Open(var id, var reading, var writing, var from) -> {
        if (from != StreamRequest.Open.FROM_START) {
          out.field("from", from);
        }
        out.field("mode", (reading ? READING : 0) | (writing ? WRITING : 0))
            .field("object_id", id)
            .field(Codec.TYPE, OPEN);
      }
      case StreamRequest.Push(var id, var chunk, var patient) -> {
        out.field("chunk", chunk).field("id", id).field(Codec.TYPE, PUSH);
        if (patient) {
          out.field("wait", true);
        }
      }
      case StreamRequest.Reserve(var id, var sizeBytes) ->
          out.field("id", id).field("size", sizeBytes).field(Codec.TYPE, RESERVE);
      case StreamRequest.Pull(var id) -> out.field("id", id).field(Codec.TYPE, PULL);
      case StreamRequest.Stop(var id, var failed, var reason) -> {
        out.field("failed", failed).field("id", id);
        if (!reason.isEmpty()) {
          out.field("reason", reason);
        }
        out.field(Codec.TYPE, STOP);
      }
      case StreamRequest.Drop(var id) -> out.field("id", id).field(Codec.TYPE, DROP);
      case StreamRequest.Survey() -> out.field(Codec.TYPE, SURVEY);
    }
  }

  static void write(StreamReply reply, JsonWriter out) {
    switch (reply) {
      case StreamReply.Reserved(var payload, var storeFd) -> {
        out.name("buffer");
        payload.write(out);
        out.name("fd").signed(storeFd).field(Codec.TYPE, RESERVED);
      }
      case StreamReply.Pulled(var chunk, var index) -> {
        out.field("chunk", chunk);
        if (index != StreamReply.Pulled.UNKNOWN) {
          out.field("index", index);
        }
        out.field(Codec.TYPE, PULLED);
      }
      case StreamReply.Surveyed(var streams) -> {
        out.name("streams").beginArray();
        streams.forEach(stream -> stream.write(out));
        out.endArray().field(Codec.TYPE, SURVEYED);
      }
    }
  }

  private static StreamRequest open(Json.Fields in) {
    ObjectId id = in.id("object_id");
    long mode = in.whole("mode");
    if (mode < READING || mode > (READING | WRITING)) {
      throw new ProtocolException(
          "field 'mode' must be 1 to read, 2 to write or 3 for both, not " + mode);
    }
    long from = in.has("from") ? in.count("from") : StreamRequest.Open.FROM_START;
    return new StreamRequest.Open(id, (mode & READING) != 0, (mode & WRITING) != 0, from);
  }

  private static StreamReply surveyed(Json.Fields in) {
    return new StreamReply.Surveyed(
        in.items("streams").stream()
            .map(item -> {
              if (item instanceof Json.Fields fields) {
                return StreamStatus.read(fields);
              }
              throw new ProtocolException("a stream must be an object");
            })
            .toList());
  }
}
