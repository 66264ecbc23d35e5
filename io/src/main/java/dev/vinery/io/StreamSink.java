package dev.vinery.io;

import dev.vinery.arrow.BatchWriter;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/// Writes the batches of one part of a source to a stream. Confined to the thread of the part.
final class StreamSink implements BatchSink {
  /// Text of the first chunk, in bytes. It is short, so that readers can begin at once.
  private static final long FIRST_BATCH_BYTES = TextBlocks.FIRST_BLOCK_BYTES;

  /// Text of all but the first chunks, in bytes.
  private static final long BATCH_BYTES = 4 << 20;

  private final BatchWriter writer;
  private final BufferAllocator allocator;
  private final Meter meter;
  private long batchBytes = FIRST_BATCH_BYTES;

  StreamSink(BatchWriter writer, BufferAllocator allocator, Meter meter) {
    this.writer = writer;
    this.allocator = allocator;
    this.meter = meter;
  }

  @Override
  public BufferAllocator allocator() {
    return allocator;
  }

  @Override
  public long batchBytes() {
    return batchBytes;
  }

  @Override
  public void write(VectorSchemaRoot batch) throws IOException {
    try {
      writer.write(batch);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e); // a column that has no layout
    }
    batchBytes = Math.min(2 * batchBytes, BATCH_BYTES);
    meter.addRows(batch.getRowCount());
  }

  @Override
  public void advance(long bytes) {
    meter.addBytes(bytes);
  }
}
