package dev.vinery.protocol;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// Requests and replies as JSON texts, in both directions.
///
/// Each family has its own codec, which names its commands once; this class joins them. A field
/// that the protocol does not know is skipped; one that is missing takes the default that the
/// reference implementation takes, or the message is refused.
///
/// Source: the reference implementation's `src/common/util/protocols.cc`.
public final class Codec {
  /// Reads one kind of message from its fields.
  interface Reader<T> extends Function<Json.Fields, T> {}

  static final String TYPE = "type";
  private static final String CODE = "code";
  private static final String MESSAGE = "message";

  /// Characters of a peer's own words that an error repeats.
  private static final int MAX_QUOTED_CHARS = 100;

  private static final Map<String, Reader<? extends Request>> REQUESTS = new HashMap<>();
  private static final Map<String, Reader<? extends Reply>> REPLIES = new HashMap<>();

  static {
    REQUESTS.putAll(SessionCodec.REQUESTS);
    REQUESTS.putAll(BlobCodec.REQUESTS);
    REQUESTS.putAll(RemoteBlobCodec.REQUESTS);
    REQUESTS.putAll(PlasmaCodec.REQUESTS);
    REQUESTS.putAll(ObjectCodec.REQUESTS);
    REQUESTS.putAll(NameCodec.REQUESTS);
    REQUESTS.putAll(ExtentCodec.REQUESTS);
    REQUESTS.putAll(SlabCodec.REQUESTS);
    REQUESTS.putAll(SpillCodec.REQUESTS);
    REQUESTS.putAll(StreamCodec.REQUESTS);
    REQUESTS.putAll(ClusterCodec.REQUESTS);
    REQUESTS.putAll(UnsupportedCommands.REQUESTS);

    REPLIES.putAll(SessionCodec.REPLIES);
    REPLIES.putAll(BlobCodec.REPLIES);
    REPLIES.putAll(PlasmaCodec.REPLIES);
    REPLIES.putAll(ObjectCodec.REPLIES);
    REPLIES.putAll(NameCodec.REPLIES);
    REPLIES.putAll(ExtentCodec.REPLIES);
    REPLIES.putAll(SlabCodec.REPLIES);
    REPLIES.putAll(SpillCodec.REPLIES);
    REPLIES.putAll(StreamCodec.REPLIES);
    REPLIES.putAll(ClusterCodec.REPLIES);
    for (Reply.Done done : Reply.Done.values()) {
      REPLIES.put(done.type(), _ -> done);
    }
  }

  private Codec() {}

  /// Reads the body of a frame.
  ///
  /// @throws ProtocolException if the bytes are not a request; the connection may go on
  public static Request readRequest(byte[] body, int offset, int length) {
    Json.Fields in = object(JsonText.parse(body, offset, length, JsonText.MAX_REQUEST_VALUES));
    String type = in.text(TYPE);
    Reader<? extends Request> reader = REQUESTS.get(type);
    if (reader == null) {
      throw new ProtocolException("unknown command " + quoted(type));
    }
    return reader.apply(in);
  }

  /// Reads the body of a frame.
  ///
  /// @throws ProtocolException if the bytes are not a reply
  public static Reply readReply(byte[] body, int offset, int length) {
    Json.Fields in = object(JsonText.parse(body, offset, length));
    long code = in.whole(CODE, 0);
    if (code != 0) {
      Status status = code == (int) code ? Status.of((int) code) : Status.UNKNOWN;
      return new Reply.Failed(status, in.text(MESSAGE, ""));
    }
    String type = in.text(TYPE);
    Reader<? extends Reply> reader = REPLIES.get(type);
    if (reader == null) {
      throw new ProtocolException("unknown reply " + quoted(type));
    }
    return reader.apply(in);
  }

  public static void write(Request request, JsonWriter out) {
    out.beginObject();
    switch (request) {
      case BlobRequest blob -> BlobCodec.write(blob, out);
      case ClusterRequest cluster -> ClusterCodec.write(cluster, out);
      case ExtentRequest extent -> ExtentCodec.write(extent, out);
      case NameRequest name -> NameCodec.write(name, out);
      case ObjectRequest object -> ObjectCodec.write(object, out);
      case PlasmaRequest plasma -> PlasmaCodec.write(plasma, out);
      case RemoteBlobRequest blob -> RemoteBlobCodec.write(blob, out);
      case SessionRequest session -> SessionCodec.write(session, out);
      case SlabRequest slab -> SlabCodec.write(slab, out);
      case SpillRequest spill -> SpillCodec.write(spill, out);
      case StreamRequest stream -> StreamCodec.write(stream, out);
      case Request.Unsupported unsupported -> out.field(TYPE, unsupported.type());
    }
    out.endObject();
  }

  public static void write(Reply reply, JsonWriter out) {
    out.beginObject();
    switch (reply) {
      case BlobReply blob -> BlobCodec.write(blob, out);
      case ClusterReply cluster -> ClusterCodec.write(cluster, out);
      case ExtentReply extent -> ExtentCodec.write(extent, out);
      case NameReply name -> NameCodec.write(name, out);
      case ObjectReply object -> ObjectCodec.write(object, out);
      case PlasmaReply plasma -> PlasmaCodec.write(plasma, out);
      case SessionReply session -> SessionCodec.write(session, out);
      case SlabReply slab -> SlabCodec.write(slab, out);
      case SpillReply spill -> SpillCodec.write(spill, out);
      case StreamReply stream -> StreamCodec.write(stream, out);
      case Reply.Done done -> out.field(TYPE, done.type());
      case Reply.Failed failed ->
          out.field(CODE, failed.status().code()).field(MESSAGE, failed.message());
    }
    out.endObject();
  }

  private static Json.Fields object(Json message) {
    if (message instanceof Json.Fields fields) {
      return fields;
    }
    throw new ProtocolException("a message must be a JSON object");
  }

  private static String quoted(String text) {
    if (text.length() <= MAX_QUOTED_CHARS) {
      return "'" + text + "'";
    }
    // Never between the halves of a surrogate pair: the error has to be printed as UTF-8.
    boolean half = Character.isHighSurrogate(text.charAt(MAX_QUOTED_CHARS - 1));
    return "'" + text.substring(0, half ? MAX_QUOTED_CHARS - 1 : MAX_QUOTED_CHARS) + "…'";
  }
}
