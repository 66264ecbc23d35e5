package dev.vinery.types;

import dev.vinery.client.Client;
import dev.vinery.client.StreamWriter;
import dev.vinery.client.Streams;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.StoreException;
import java.util.Map;

/// A stream of bytes. Where a chunk ends means nothing. Immutable.
///
/// Source: type name `vineyard::ByteStream`, the parameters in `params_` as JSON text; a chunk is a
/// blob.
public record ByteStream(ObjectId id, Json.Fields parameters) implements StoredStream {
  /// Begins a stream.
  ///
  /// @param parameters what readers should know of the bytes
  public static ByteStream create(Client client, Map<String, ? extends Json> parameters) {
    ObjectId id = client.streams().create(Streams.BYTES, parameters);
    return new ByteStream(id, Json.Fields.of(Map.copyOf(parameters)));
  }

  /// Opens it for writing.
  ///
  /// @return a writer, which the caller finishes, fails or closes
  /// @throws ObjectNotFoundException if the stream is no more
  /// @throws StoreException with [dev.vinery.protocol.Status#STREAM_OPENED] if it has a writer
  public ByteStreamWriter write(Client client) {
    return write(client, ByteStreamWriter.DEFAULT_CHUNK_BYTES);
  }

  /// Opens it for writing.
  ///
  /// @param chunkBytes length of a chunk in bytes, at least 1; the last one may be shorter
  /// @return a writer, which the caller finishes, fails or closes
  /// @see #write(Client)
  public ByteStreamWriter write(Client client, long chunkBytes) {
    StreamWriter writer = client.streams().write(id);
    return new ByteStreamWriter(writer, chunkBytes);
  }

  /// Opens it for reading.
  ///
  /// @return a reader, which the caller closes
  /// @throws ObjectNotFoundException if the stream is no more
  /// @throws StoreException with [dev.vinery.protocol.Status#STREAM_OPENED] if it has a reader
  public ByteStreamReader read(Client client) {
    return new ByteStreamReader(client.streams().read(id));
  }
}
