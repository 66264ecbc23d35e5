package dev.vinery.client;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StreamReply;
import dev.vinery.protocol.StreamRequest;
import dev.vinery.protocol.StreamStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The streams of a client's session: ordered hand-overs of chunks from one producer to one
/// consumer, in this process or another, in this language or another. Safe for use by several
/// threads.
///
/// A stream is an object that describes it, and a queue of the same id in the daemon. Each writer
/// and reader has a connection of its own: it may wait for the other end without holding up calls,
/// and the daemon learns at once when it ends.
public final class Streams {
  /// How long the ends of a stream wait for each other.
  static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

  /// Chunks are blobs of any bytes.
  public static final String BYTES = "vineyard::ByteStream";

  /// Chunks are blobs, each a complete Arrow stream with one batch of records.
  public static final String DATA_FRAMES = "vineyard::DataframeStream";

  /// Chunks are objects, most often `vineyard::RecordBatch`.
  public static final String RECORD_BATCHES = "vineyard::RecordBatchStream";

  /// The field in which a stream's parameters stand, as JSON text.
  private static final String PARAMETERS = "params_";

  private final Client client;
  private final Line line;

  /// @param line of the client; the connections of writers and readers are made like its own
  Streams(Client client, Line line) {
    this.client = client;
    this.line = line;
  }

  /// Begins a stream.
  ///
  /// @param typeName one of the constants of this class, or another type that ends in `Stream`
  /// @param parameters what readers should know of the chunks, such as `header_row`
  /// @return its id, for writers and readers
  public ObjectId create(String typeName, Map<String, ? extends Json> parameters) {
    ObjectId id =
        client.createMetadata(
            Metadata.builder(typeName)
                .put(Metadata.GLOBAL, false)
                .put(Metadata.SIZE_BYTES, 0)
                .putStructured(PARAMETERS, Json.Fields.of(Map.copyOf(parameters)))
                .build());
    boolean created = false;
    try {
      line.call(new StreamRequest.Create(id), Reply.Done.class);
      created = true;
      return id;
    } finally {
      if (!created) {
        client.delete(List.of(id));
      }
    }
  }

  /// What a stream's maker said of its chunks.
  ///
  /// @throws ObjectNotFoundException if nothing describes the stream
  public Json.Fields parameters(ObjectId id) {
    Json.Fields fields = client.getMetadata(id).fields();
    if (!fields.has(PARAMETERS)) {
      return Json.Fields.of(Map.of());
    }
    try {
      if (JsonText.parse(fields.text(PARAMETERS)) instanceof Json.Fields parameters) {
        return parameters;
      }
    } catch (ProtocolException noJson) {
      // Reported below.
    }
    throw new StoreException(
        Status.META_TREE_INVALID, "the parameters of stream " + id + " are no JSON object");
  }

  /// Opens a stream for writing.
  ///
  /// @return the writer, which the caller finishes, fails or closes
  /// @throws ObjectNotFoundException if there is no such stream
  /// @throws StoreException with [Status#STREAM_OPENED] if it has a writer
  /// @throws UnsupportedOperationException if the client came over TCP
  public StreamWriter write(ObjectId id) {
    return new StreamWriter(id, open(id, false));
  }

  /// Opens a stream for reading.
  ///
  /// @return the reader, which the caller closes
  /// @throws ObjectNotFoundException if there is no such stream
  /// @throws StoreException with [Status#STREAM_OPENED] if it has a reader
  /// @throws UnsupportedOperationException if the client came over TCP
  public StreamReader read(ObjectId id) {
    return new StreamReader(id, open(id, true), client);
  }

  private Connection open(ObjectId id, boolean reading) {
    if (!(line.address() instanceof Address.Local)) {
      throw new UnsupportedOperationException(
          "chunks travel through shared memory: connect to the daemon's socket on its own host");
    }
    Connection own = line.another();
    boolean opened = false;
    try {
      own.call(new StreamRequest.Open(id, reading, !reading), Reply.Done.class);
      opened = true;
      return own;
    } finally {
      if (!opened) {
        own.close();
      }
    }
  }

  /// Ends a stream: deletes its chunks and what describes it, and tells who waits for it that it
  /// failed.
  ///
  /// @throws ObjectNotFoundException if there is no such stream
  public void drop(ObjectId id) {
    line.call(new StreamRequest.Drop(id), Reply.Done.class);
    client.delete(List.of(id));
  }

  /// How the streams of the session are, by id. Official daemons cannot say and refuse.
  public List<StreamStatus> list() {
    return line.call(new StreamRequest.Survey(), StreamReply.Surveyed.class).streams();
  }
}
