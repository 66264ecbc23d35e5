package dev.vinery.arrow;

import dev.vinery.client.Client;
import dev.vinery.client.Streams;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.StoreException;
import dev.vinery.types.StoredStream;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/// A stream of record batches, each in one blob, as data frames are streamed by Python. Immutable.
///
/// Source: type name `vineyard::DataframeStream`, the parameters in `params_` as JSON text; a chunk
/// is a blob with a whole stream of Arrow's own format, of one batch.
public record DataFrameStream(ObjectId id, Json.Fields parameters) implements StoredStream {
  /// Begins a stream.
  ///
  /// @param parameters what readers should know of the batches
  public static DataFrameStream create(Client client, Map<String, ? extends Json> parameters) {
    ObjectId id = client.streams().create(Streams.DATA_FRAMES, parameters);
    return new DataFrameStream(id, Json.Fields.of(Map.copyOf(parameters)));
  }

  /// Opens it for writing.
  ///
  /// @return a writer, which the caller finishes, fails or closes
  /// @throws ObjectNotFoundException if the stream is no more
  /// @throws StoreException with [dev.vinery.protocol.Status#STREAM_OPENED] if it has a writer
  public BatchWriter write(Client client) {
    var chunks = client.streams().write(id);
    return new BatchWriter(chunks, batch -> IpcChunk.write(batch, chunks));
  }

  /// Opens it for reading.
  ///
  /// @param memory what the batches are accounted to
  /// @return a reader, which the caller closes
  /// @throws ObjectNotFoundException if the stream is no more
  /// @throws StoreException with [dev.vinery.protocol.Status#STREAM_OPENED] if it has a reader
  public BatchReader read(Client client, BufferAllocator memory) {
    return new BatchReader(client.streams().read(id), memory);
  }
}
