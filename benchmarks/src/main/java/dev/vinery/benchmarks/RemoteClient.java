package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import dev.vinery.protocol.BlobCompressor;
import dev.vinery.protocol.BlobDecompressor;
import dev.vinery.protocol.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/// A client over TCP that asks for what the official one asks for, over an [OfficialConnection].
/// Compression is ours on this side, whatever the daemon. Confined to one thread at a time.
///
/// Source: `src/client/rpc_client.cc` of the reference implementation.
final class RemoteClient implements AutoCloseable {
  private static final String CREATED = "\"type\":\"create_buffer_reply\"";
  private static final int TEXT_KEPT_BYTES = 1 << 20;

  private final OfficialConnection connection;
  private final JsonWriter text = new JsonWriter();

  private RemoteClient(OfficialConnection connection) {
    this.connection = connection;
  }

  /// Connects and registers.
  ///
  /// @throws PosixException if nobody listens there
  static RemoteClient connect(InetSocketAddress address) throws PosixException {
    var client = new RemoteClient(OfficialConnection.overTcp(address));
    boolean registered = false;
    try {
      client.register();
      registered = true;
      return client;
    } finally {
      if (!registered) {
        client.close();
      }
    }
  }

  private void register() throws PosixException {
    begin()
        .field("password", "")
        .field("session_id", 0)
        .field("store_type", 1)
        .field("type", "register_request")
        .field("username", "")
        .field("version", "0.24.2");
    call("\"type\":\"register_reply\"");
  }

  /// Makes a blob of these bytes.
  ///
  /// @return its id
  long put(MemorySegment bytes, boolean compressed) throws PosixException {
    begin()
        .field("compress", compressed)
        .field("size", bytes.byteSize())
        .field("type", "create_remote_buffer_request")
        .field("use_rdma", false);
    call(CREATED);
    if (compressed) {
      try (var compressor = new BlobCompressor()) {
        compressor.compress(
            bytes, chunk -> checked(() -> connection.send(MemorySegment.ofBuffer(chunk))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else {
      connection.send(bytes);
    }
    return connection.receiveReply().expect(CREATED).number("\"id\":");
  }

  /// Fetches the bytes of a blob.
  void get(long blob, MemorySegment into, boolean compressed) throws PosixException {
    begin()
        .field("0", blob)
        .field("compress", compressed)
        .field("num", 1)
        .field("type", "get_remote_buffers_request")
        .field("unsafe", false)
        .field("use_rdma", false);
    call("\"type\":\"get_buffers_reply\"");
    if (compressed) {
      try (var decompressor = new BlobDecompressor()) {
        decompressor.decompress(
            room -> {
              checked(() -> connection.receive(MemorySegment.ofBuffer(room)));
              room.position(room.limit());
            },
            into);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else {
      connection.receive(into);
    }
  }

  void delete(long blob) throws PosixException {
    begin().field("deep", true).field("fastpath", false).field("force", false).name("id");
    text.beginArray().unsigned(blob).endArray();
    text.field("memory_trim", false).field("type", "del_data_request");
    call("\"type\":\"del_data_reply\"");
  }

  private interface Call {
    void run() throws PosixException;
  }

  private static void checked(Call call) throws IOException {
    try {
      call.run();
    } catch (PosixException e) {
      throw new IOException(e);
    }
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

  @Override
  public void close() {
    connection.close();
  }
}
