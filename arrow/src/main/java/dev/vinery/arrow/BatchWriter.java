package dev.vinery.arrow;

import dev.vinery.client.StreamWriter;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StreamFailedException;
import java.util.function.Consumer;
import org.apache.arrow.vector.VectorSchemaRoot;

/// The producer's end of a stream of record batches. Confined to one thread. Needs `java.nio` of
/// `java.base` opened to Arrow.
///
/// It ends by [#finish()] or [#fail(String)]. If it is closed before, the stream fails, so that no
/// reader takes a part for the whole.
public final class BatchWriter implements AutoCloseable {
  private final StreamWriter chunks;
  private final Consumer<VectorSchemaRoot> append;

  /// @param chunks closed with this writer
  /// @param append makes a batch the next chunk
  BatchWriter(StreamWriter chunks, Consumer<VectorSchemaRoot> append) {
    this.chunks = chunks;
    this.append = append;
  }

  /// The stream.
  public ObjectId id() {
    return chunks.id();
  }

  /// Writes a batch, which stays the caller's. All batches of a stream have the same fields.
  ///
  /// A [DataFrameStream] waits while the chunks that nobody has read fill the daemon's memory up to
  /// its threshold, and hands this batch over with the next one, or at the end. A
  /// [RecordBatchStream] does so at once, and does not wait.
  ///
  /// @throws IllegalArgumentException if a column has no layout there; the message names it
  /// @throws dev.vinery.protocol.StoreFullException if the batch finds no room
  /// @throws StreamFailedException if the stream was dropped meanwhile
  /// @throws IllegalStateException if the writer has ended
  public void write(VectorSchemaRoot batch) {
    append.accept(batch);
  }

  /// Writes the batches of a table, which stays the caller's. See [#write(VectorSchemaRoot)].
  public void write(ArrowTable table) {
    table.batches().forEach(this::write);
  }

  /// Ends the stream: what was written is all.
  ///
  /// @throws dev.vinery.protocol.StoreException with
  ///   [dev.vinery.protocol.Status#INVALID_STREAM_STATE] if the stream failed meanwhile
  /// @throws IllegalStateException if the writer has ended
  public void finish() {
    chunks.finish();
  }

  /// Ends the stream too early. The reader gets what was written, and then the reason.
  ///
  /// @param reason for people; official daemons drop it
  /// @throws dev.vinery.protocol.StoreException with
  ///   [dev.vinery.protocol.Status#INVALID_STREAM_STATE] if the stream failed meanwhile
  /// @throws IllegalStateException if the writer has ended
  public void fail(String reason) {
    chunks.fail(reason);
  }

  /// Fails the stream if it was neither finished nor failed. Closing twice is fine.
  @Override
  public void close() {
    chunks.close();
  }

  @Override
  public String toString() {
    return "BatchWriter[" + id() + "]";
  }
}
