package dev.vinery.io;

import dev.vinery.types.DataFrame;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/// Stores the batches of one part of a source as parts of a frame. Confined to the thread of the
/// part.
final class FrameSink implements BatchSink {
  /// Text of a part of a frame, in bytes.
  private static final long BATCH_BYTES = 48 << 20;

  private final FrameParts parts;
  private final int part;
  private final BufferAllocator allocator;
  private final Meter meter;
  private final BooleanSupplier stopped;
  private int count;

  /// @param part number of the part of the source
  /// @param stopped whether nobody wants the frame any more
  FrameSink(
      FrameParts parts, int part, BufferAllocator allocator, Meter meter, BooleanSupplier stopped) {
    this.parts = parts;
    this.part = part;
    this.allocator = allocator;
    this.meter = meter;
    this.stopped = stopped;
  }

  @Override
  public BufferAllocator allocator() {
    return allocator;
  }

  @Override
  public long batchBytes() {
    return BATCH_BYTES;
  }

  @Override
  public void write(VectorSchemaRoot batch) throws IOException {
    requireWanted();
    var frame = DataFrame.builder();
    for (FieldVector vector : batch.getFieldVectors()) {
      frame.column(vector.getName(), FrameColumns.of(vector));
    }
    parts.put(part, count++, frame.build());
    meter.addRows(batch.getRowCount());
  }

  @Override
  public void advance(long bytes) {
    meter.addBytes(bytes);
  }

  private void requireWanted() throws IOException {
    if (stopped.getAsBoolean()) {
      throw new InterruptedIOException("another part failed, or nobody wants the frame any more");
    }
  }
}
