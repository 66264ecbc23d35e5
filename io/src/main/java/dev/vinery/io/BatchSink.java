package dev.vinery.io;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/// Where a part goes that is read. Confined to the thread of the part.
public interface BatchSink {
  /// Memory for vectors.
  BufferAllocator allocator();

  /// How many bytes of the source a batch is best made of. Grows from call to call, so that the
  /// first batch is there soon.
  long batchBytes();

  /// Copies a batch into shared memory. It stays the caller's. Waits while the readers of the
  /// stream have much to read.
  ///
  /// @throws IOException if a column is of a type that cannot be stored; the message names it
  /// @throws dev.vinery.protocol.StoreException if the stream was dropped, or the daemon has no
  ///   room
  void write(VectorSchemaRoot batch) throws IOException;

  /// Tells how far reading has come.
  ///
  /// @param bytes read since the last call
  void advance(long bytes);
}
