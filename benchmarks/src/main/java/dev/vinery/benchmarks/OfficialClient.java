package dev.vinery.benchmarks;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.ObjectId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A client that asks for what the official one asks for, in the same words and order, over an
/// [OfficialConnection].
///
/// Source: `src/client/client.cc` and `src/common/util/protocols.cc` of the reference
/// implementation; metadata of a tensor as its Python client writes it.
final class OfficialClient implements LoadClient {
  private static final String VERSION = "0.24.2";
  private static final int NORMAL_STORE = 1;
  private static final int MAP_SIZE_EXCESS_BYTES = 8;
  private static final int TEXT_KEPT_BYTES = 1 << 20;
  private static final Duration ALONE_LIMIT = Duration.ofMinutes(1);
  private static final long RETRY_NANOS = 10_000_000;
  private static final int DISCARDED_AT_ONCE = 500;

  private final OfficialConnection connection;
  private final Content content;
  private @Nullable Arena arena; // of the files, once there are any
  private final JsonWriter text = new JsonWriter();
  private final Map<Long, MemorySegment> files = new HashMap<>();
  private final long instance;

  private MemorySegment file = MemorySegment.NULL; // where the last blob lies
  private long fileKey = -1;
  private long offset;

  private OfficialClient(OfficialConnection connection, Content content) throws PosixException {
    this.connection = connection;
    this.content = content;
    this.instance = register();
  }

  /// Connects and registers, for calls that fill no blobs.
  ///
  /// @throws PosixException if nobody listens there
  static OfficialClient connect(Path socket) throws PosixException {
    return connect(socket, new Content(0));
  }

  /// Connects and registers.
  ///
  /// @param content what blobs are filled with
  /// @throws PosixException if nobody listens there
  static OfficialClient connect(Path socket, Content content) throws PosixException {
    var connection = new OfficialConnection(socket);
    boolean registered = false;
    try {
      var client = new OfficialClient(connection, content);
      registered = true;
      return client;
    } finally {
      if (!registered) {
        connection.close();
      }
    }
  }

  private long register() throws PosixException {
    begin()
        .field("password", "")
        .field("session_id", 0)
        .field("store_type", NORMAL_STORE)
        .field("type", "register_request")
        .field("username", "")
        .field("version", VERSION);
    return call("\"type\":\"register_reply\"").number("\"instance_id\":");
  }

  /// Bytes of all blobs in the daemon's memory.
  long usedBytes() throws PosixException {
    begin().field("type", "instance_status_request");
    return call("\"type\":\"instance_status_reply\"").number("\"memory_usage\":");
  }

  /// Waits until the daemon has noticed that all others have left.
  ///
  /// @throws IllegalStateException if it does not within a minute
  void awaitAlone() throws PosixException {
    long end = System.nanoTime() + ALONE_LIMIT.toNanos();
    do {
      begin().field("type", "instance_status_request");
      if (call("\"type\":\"instance_status_reply\"").number("\"ipc_connections\":") == 1) {
        return;
      }
      LockSupport.parkNanos(RETRY_NANOS);
    } while (System.nanoTime() - end < 0);
    throw new IllegalStateException("clients that have left are still counted");
  }

  /// Asks for the daemon's status, which is hardly any work for it.
  void status() throws PosixException {
    begin().field("type", "instance_status_request");
    call("\"type\":\"instance_status_reply\"");
  }

  @Override
  public long createBlob(long sizeBytes) throws PosixException {
    long blob = createBuffer(sizeBytes);
    fillBuffer(sizeBytes);
    seal(blob);
    return blob;
  }

  /// Makes a blob, to be filled by [#fillBuffer] before the next call.
  long createBuffer(long sizeBytes) throws PosixException {
    begin().field("size", sizeBytes).field("type", "create_buffer_request");
    ReplyText reply = call("\"type\":\"create_buffer_reply\"");
    locate(reply);
    return reply.number("\"id\":");
  }

  void fillBuffer(long sizeBytes) {
    content.fill(file, offset, sizeBytes);
  }

  void seal(long blob) throws PosixException {
    begin().field("object_id", blob).field("type", "seal_request");
    call("\"type\":\"seal_reply\"");
  }

  @Override
  public long createObject(long blob, long sizeBytes) throws PosixException {
    begin().name("content");
    text.beginObject()
        .name("buffer_")
        .beginObject()
        .field("id", new ObjectId(blob).toString())
        .field("instance_id", instance)
        .field("length", sizeBytes)
        .field("nbytes", sizeBytes)
        .field("transient", true)
        .field("typename", "vineyard::Blob")
        .endObject()
        .field("global", false)
        .field("instance_id", instance)
        .field("nbytes", sizeBytes)
        .field("order_", "\"C\"")
        .field("partition_index_", "[]")
        .field("shape_", "[" + sizeBytes / Long.BYTES + "]")
        .field("transient", true)
        .field("typename", "vineyard::Tensor<int64>")
        .field("value_type_", "int64")
        .field("value_type_meta_", "<i8")
        .endObject()
        .field("type", "create_data_request");
    return call("\"type\":\"create_data_reply\"").number("\"id\":");
  }

  /// Makes an object of many blobs, which lie where this client is.
  long createObjectOf(long[] blobs, long sizeBytes) throws PosixException {
    begin().name("content");
    text.beginObject();
    for (int i = 0; i < blobs.length; i++) {
      text.name("blob_" + i)
          .beginObject()
          .field("id", new ObjectId(blobs[i]).toString())
          .field("instance_id", instance)
          .field("length", sizeBytes)
          .field("nbytes", sizeBytes)
          .field("transient", true)
          .field("typename", "vineyard::Blob")
          .endObject();
    }
    text.field("global", false)
        .field("instance_id", instance)
        .field("nbytes", sizeBytes * blobs.length)
        .field("transient", true)
        .field("typename", "vineyard::Blobs")
        .endObject()
        .field("type", "create_data_request");
    return call("\"type\":\"create_data_reply\"").number("\"id\":");
  }

  /// Has this client's daemon copy an object of another one.
  ///
  /// @return the id of the copy
  long migrate(long object) throws PosixException {
    begin().field("object_id", object).field("type", "migrate_object_request");
    return call("\"type\":\"migrate_object_reply\"").number("\"object_id\":");
  }

  @Override
  public void get(long object, long sizeBytes) throws PosixException {
    getBuffer(blobOf(object));
    Content.check(file, offset, sizeBytes);
  }

  @Override
  public void getMetadata(long object) throws PosixException {
    getData(object).expect("\"buffer_\":");
  }

  /// The blob of an object that was put.
  long blobOf(long object) throws PosixException {
    return getData(object).id("\"buffer_\":", "\"id\":\"o");
  }

  /// Asks for an object without having the daemon look whether there is news of it.
  void getKnownMetadata(long object) throws PosixException {
    getData(object, false).expect("\"buffer_\":");
  }

  ReplyText getData(long object) throws PosixException {
    return getData(object, true);
  }

  private ReplyText getData(long object, boolean synced) throws PosixException {
    begin()
        .name("id")
        .beginArray()
        .unsigned(object)
        .endArray()
        .field("sync_remote", synced)
        .field("type", "get_data_request")
        .field("wait", false);
    return call("\"type\":\"get_data_reply\"");
  }

  void getBuffer(long blob) throws PosixException {
    begin()
        .field("0", blob)
        .field("num", 1)
        .field("type", "get_buffers_request")
        .field("unsafe", false);
    locate(call("\"num\":1,"));
  }

  @Override
  public void exists(long object) throws PosixException {
    begin().field("id", object).field("type", "exists_request");
    call("\"exists\":true");
  }

  @Override
  public void label(long object, String key, String value) throws PosixException {
    begin()
        .field("id", object)
        .name("keys")
        .beginArray()
        .text(key)
        .endArray()
        .field("type", "label_request")
        .name("values")
        .beginArray()
        .text(value)
        .endArray();
    call("\"type\":\"label_reply\"");
  }

  @Override
  public int list(String pattern, int limit) throws PosixException {
    begin()
        .field("limit", limit)
        .field("pattern", pattern)
        .field("regex", false)
        .field("type", "list_data_request");
    return call("\"type\":\"get_data_reply\"").count("\"buffer_\":");
  }

  @Override
  public void persist(long object) throws PosixException {
    begin().field("id", object).field("type", "persist_request");
    call("\"type\":\"persist_reply\"");
  }

  @Override
  public void putName(String name, long object) throws PosixException {
    begin().field("name", name).field("object_id", object).field("type", "put_name_request");
    call("\"type\":\"put_name_reply\"");
  }

  @Override
  public long getName(String name) throws PosixException {
    begin().field("name", name).field("type", "get_name_request").field("wait", false);
    return call("\"type\":\"get_name_reply\"").number("\"object_id\":");
  }

  /// Begins a stream without an object that describes it.
  void createStream(long stream) throws PosixException {
    begin().field("object_id", stream).field("type", "create_stream_request");
    call("\"type\":\"create_stream_reply\"");
  }

  /// Makes the next chunk of a stream, to be filled by [#fillBuffer] before the next call.
  void nextChunk(long stream, long sizeBytes) throws PosixException {
    begin()
        .field("id", stream)
        .field("size", sizeBytes)
        .field("type", "get_next_stream_chunk_request");
    locate(call("\"type\":\"get_next_stream_chunk_reply\""));
  }

  /// Takes the next chunk of a stream and checks what is in it.
  void pullChunk(long stream, long sizeBytes) throws PosixException {
    begin().field("id", stream).field("type", "pull_next_stream_chunk_request");
    getBuffer(call("\"type\":\"pull_next_stream_chunk_reply\"").number("\"chunk\":"));
    Content.check(file, offset, sizeBytes);
  }

  void dropStream(long stream) throws PosixException {
    begin().field("id", stream).field("type", "drop_stream_request");
    call("\"type\":\"drop_stream_reply\"");
  }

  /// Lets go of a blob that this client has got or sealed.
  void release(long blob) throws PosixException {
    begin().field("object_id", blob).field("type", "release_request");
    call("\"type\":\"release_reply\"");
  }

  /// Deletes as the C++ client does: it looks for blobs to release, then deletes. Its use counts
  /// are such that nothing is released.
  @Override
  public void delete(long object) throws PosixException {
    getData(object);
    begin()
        .field("deep", true)
        .field("fastpath", false)
        .field("force", false)
        .name("id")
        .beginArray()
        .unsigned(object)
        .endArray()
        .field("memory_trim", false)
        .field("type", "del_data_with_feedbacks_request");
    call("\"type\":\"del_data_with_feedbacks_reply\"");
  }

  /// Deletes as the Python client does, in one call.
  void deleteInOneCall(long object) throws PosixException {
    var one = new long[] {object};
    discard(one, 0, 1, false);
  }

  @Override
  public void discard(long[] ids, int count, boolean trim) throws PosixException {
    for (int from = 0; from < count; from += DISCARDED_AT_ONCE) {
      discard(ids, from, Math.min(from + DISCARDED_AT_ONCE, count), trim);
    }
  }

  private void discard(long[] ids, int from, int to, boolean trim) throws PosixException {
    begin().field("deep", true).field("fastpath", false).field("force", false).name("id");
    text.beginArray();
    for (int i = from; i < to; i++) {
      text.unsigned(ids[i]);
    }
    text.endArray().field("memory_trim", trim).field("type", "del_data_request");
    call("\"type\":\"del_data_reply\"");
  }

  private JsonWriter begin() {
    text.reset(TEXT_KEPT_BYTES);
    text.beginFrame();
    return text.beginObject();
  }

  private ReplyText call(String expected) throws PosixException {
    text.endObject();
    text.endFrame();
    return connection.call(text).expect(expected);
  }

  /// Remembers where the blob of a payload lies, and maps the file if it is a new one.
  private void locate(ReplyText payload) throws PosixException {
    long key = payload.number("\"store_fd\":");
    if (key != fileKey) {
      MemorySegment known = files.get(key);
      file = known == null ? map(key, payload.number("\"map_size\":")) : known;
      fileKey = key;
    }
    offset = payload.number("\"data_offset\":");
  }

  private MemorySegment map(long key, long mapSize) throws PosixException {
    int fd = connection.receiveDescriptor();
    try {
      MemorySegment mapping = mapped(fd, mapSize - MAP_SIZE_EXCESS_BYTES);
      files.put(key, mapping);
      return mapping;
    } finally {
      Descriptor.close(fd);
    }
  }

  /// Maps to write, or only to read if that is all the daemon allows.
  private MemorySegment mapped(int fd, long sizeBytes) throws PosixException {
    Arena mappings = arena;
    if (mappings == null) {
      mappings = Arena.ofShared();
      arena = mappings;
    }
    try {
      return SharedMemory.map(fd, sizeBytes, true, mappings);
    } catch (PosixException readOnly) {
      return SharedMemory.map(fd, sizeBytes, false, mappings);
    }
  }

  /// Tells the daemon and leaves. A daemon that has gone already is left all the same.
  @Override
  public void close() {
    try {
      begin().field("type", "exit_request");
      text.endObject();
      text.endFrame();
      connection.send(text);
    } catch (PosixException gone) {
      return;
    } finally {
      connection.close();
      if (arena != null) {
        arena.close();
      }
    }
  }
}
