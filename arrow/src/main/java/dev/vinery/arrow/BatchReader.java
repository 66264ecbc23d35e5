package dev.vinery.arrow;

import dev.vinery.client.StreamReader;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StreamFailedException;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.validate.ValidateVectorBufferVisitor;
import org.jspecify.annotations.Nullable;

/// The consumer's end of a stream of record batches, in whichever way they are chunks of it.
/// Confined to one thread. Needs `java.nio` of `java.base` opened to Arrow.
///
/// A batch that was loaded lies in shared memory, apart from bits of what is missing if nothing or
/// everything is, and stays until the next one is loaded or the reader is closed. It is read-only:
/// Arrow does not check that, so writing to its vectors ends the process.
///
/// The schema is that of the first batch, for which [#getVectorSchemaRoot] waits; that of a stream
/// without any has no fields.
public final class BatchReader extends ArrowReader {
  private static final ValidateVectorBufferVisitor LONG_ENOUGH = new ValidateVectorBufferVisitor();

  private final StreamReader chunks;
  private @Nullable BatchChunk current;
  private List<Field> fields = List.of();
  private long bytesRead;

  /// @param chunks closed with this reader
  BatchReader(StreamReader chunks, BufferAllocator memory) {
    super(memory, CommonsCompressionFactory.INSTANCE);
    this.chunks = chunks;
  }

  /// The stream.
  public ObjectId id() {
    return chunks.id();
  }

  @Override
  protected Schema readSchema() throws IOException {
    BatchChunk first = nextChunk();
    if (first == null) {
      return new Schema(List.of());
    }
    current = first;
    fields = first.schema().getFields();
    return first.schema();
  }

  /// Loads the next batch. Waits without limit until there is one or the stream ends.
  ///
  /// @return whether there was one
  /// @throws StreamFailedException if the stream ended too early, with the reason
  /// @throws IOException if a chunk is no record batch, or has other fields than the first
  @Override
  public boolean loadNextBatch() throws IOException {
    prepareLoadNextBatch();
    if (current == null) {
      current = nextChunk();
    }
    while (current != null) {
      BatchChunk chunk = current;
      if (!chunk.schema().getFields().equals(fields)) {
        throw new IOException(
            "a chunk of stream %s has the fields %s where the first had %s"
                .formatted(id(), chunk.schema().getFields(), fields));
      }
      if (chunk.load(this)) {
        return true;
      }
      chunk.close();
      current = nextChunk();
    }
    return false;
  }

  private @Nullable BatchChunk nextChunk() throws IOException {
    VineryObject chunk = chunks.next().orElse(null);
    if (chunk == null) {
      return null;
    }
    if (chunk.isBlob()) {
      bytesRead += chunk.segment().byteSize();
      return IpcChunk.open(chunk, allocator);
    }
    bytesRead += chunk.metadata().fields().whole("nbytes", 0);
    return ObjectChunk.open(chunk, allocator);
  }

  /// Loads the buffers of a batch, which stays the caller's.
  ///
  /// @throws RuntimeException if they are too short for what they say
  void load(ArrowRecordBatch batch) throws IOException {
    loadRecordBatch(batch);
    for (FieldVector vector : getVectorSchemaRoot().getFieldVectors()) {
      vector.accept(LONG_ENOUGH, null);
    }
  }

  /// Loads a dictionary, which stays the caller's.
  ///
  /// @throws RuntimeException if its buffers are too short for what they say
  void load(ArrowDictionaryBatch dictionary) {
    loadDictionary(dictionary);
    lookup(dictionary.getDictionaryId()).getVector().accept(LONG_ENOUGH, null);
  }

  /// Lets go of what was loaded.
  void clear() throws IOException {
    getVectorSchemaRoot().clear();
    dictionaries.values().forEach(dictionary -> dictionary.getVector().clear());
  }

  /// Bytes of the chunks that were taken so far; of objects, as many as these say themselves.
  @Override
  public long bytesRead() {
    return bytesRead;
  }

  @Override
  protected void closeReadSource() {
    if (current != null) {
      current.close();
      current = null;
    }
    chunks.close();
  }

  @Override
  public String toString() {
    return "BatchReader[" + id() + "]";
  }
}
