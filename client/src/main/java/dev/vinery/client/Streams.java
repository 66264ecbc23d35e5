package dev.vinery.client;

import dev.vinery.protocol.Json;
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
import dev.vinery.protocol.StreamTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The streams of a client's session: ordered hand-overs of chunks from one producer to one
/// consumer, or to several, in this process or another, in this language or another. Safe for use
/// by several threads.
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
    return create(typeName, parameters, StreamTerms.PLAIN);
  }

  /// Begins a stream that keeps its chunks in another way. Who reads and writes it may be official
  /// clients.
  ///
  /// @param typeName one of the constants of this class, or another type that ends in `Stream`
  /// @param parameters what readers should know of the chunks, such as `header_row`
  /// @return its id, for writers and readers
  /// @throws StoreException if the daemon is an official one, which knows plain streams only
  public ObjectId create(
      String typeName, Map<String, ? extends Json> parameters, StreamTerms terms) {
    ObjectId id =
        client.createMetadata(
            Metadata.builder(typeName)
                .put(Metadata.GLOBAL, false)
                .put(Metadata.SIZE_BYTES, 0)
                .putStructured(PARAMETERS, Json.Fields.of(Map.copyOf(parameters)))
                .build());
    boolean created = false;
    try {
      line.call(new StreamRequest.Create(id, terms), Reply.Done.class);
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
    return parameters(client.getMetadata(id));
  }

  /// What the maker of a stream said of its chunks; nothing if it said nothing.
  ///
  /// @param metadata of the object that describes the stream
  /// @throws StoreException if that is no JSON object
  public static Json.Fields parameters(Metadata metadata) {
    if (!metadata.has(PARAMETERS)) {
      return Json.Fields.of(Map.of());
    }
    try {
      if (metadata.structured(PARAMETERS) instanceof Json.Fields parameters) {
        return parameters;
      }
    } catch (ProtocolException noJson) {
      // Reported below.
    }
    throw new StoreException(
        Status.META_TREE_INVALID,
        "the parameters of stream " + metadata.id() + " are no JSON object");
  }

  /// Opens a stream for writing.
  ///
  /// @return the writer, which the caller finishes, fails or closes
  /// @throws ObjectNotFoundException if there is no such stream
  /// @throws StoreException with [Status#STREAM_OPENED] if it has a writer
  public StreamWriter write(ObjectId id) {
    var request = new StreamRequest.Open(id, false, true);
    return switch (line.address()) {
      case Address.Local _ -> {
        Connection own = open(request);
        yield new StreamWriter(id, own, new SharedChunkRoom(id, own));
      }
      case Address.Remote _ -> {
        long memoryLimitBytes = client.status().memoryLimitBytes();
        Connection own = open(request);
        yield new StreamWriter(id, own, new OwnChunkRoom(id, own, client, memoryLimitBytes));
      }
    };
  }

  /// Opens a stream for reading.
  ///
  /// @return the reader, which the caller closes
  /// @throws ObjectNotFoundException if there is no such stream
  /// @throws StoreException with [Status#STREAM_OPENED] if it has a reader
  public StreamReader read(ObjectId id) {
    return readFrom(id, StreamRequest.Open.FROM_START);
  }

  /// Opens a shared stream for reading from somewhere. Without that, a reader begins with the first
  /// chunk that the stream keeps.
  ///
  /// @param index of the first chunk wanted; if that is not kept any more the next one that is, and
  ///   if it is beyond the last one, the next one to come
  /// @return the reader, which the caller closes
  /// @throws ObjectNotFoundException if there is no such stream
  /// @throws StoreException if it is not shared, and the index not 0
  public StreamReader readFrom(ObjectId id, long index) {
    if (index < 0) {
      throw new IllegalArgumentException("the index of a chunk must not be negative: " + index);
    }
    Connection own = open(new StreamRequest.Open(id, true, false, index));
    return new StreamReader(id, own, client);
  }

  /// A connection of its own that has opened a stream, which the caller closes.
  private Connection open(StreamRequest.Open request) {
    Connection own = line.another();
    boolean opened = false;
    try {
      own.call(request, Reply.Done.class);
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
