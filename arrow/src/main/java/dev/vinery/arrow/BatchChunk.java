package dev.vinery.arrow;

import java.io.IOException;
import org.apache.arrow.vector.types.pojo.Schema;

/// A chunk of a stream of record batches. Confined to the thread of its reader.
sealed interface BatchChunk extends AutoCloseable permits IpcChunk, ObjectChunk {
  /// The schema of its batches.
  Schema schema();

  /// Loads the next batch of this chunk.
  ///
  /// @param into what has called
  /// @return whether there was one
  /// @throws IOException if the chunk makes no sense
  boolean load(BatchReader into) throws IOException;

  /// Lets go of the chunk. What was loaded stays.
  @Override
  void close();
}
