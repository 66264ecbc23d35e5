package dev.vinery.client;

import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StoreFullException;
import java.lang.foreign.MemorySegment;

/// Where a writer makes the chunks of its stream: the only difference between the doors of a
/// daemon. Confined to one writer.
sealed interface ChunkRoom permits SharedChunkRoom, OwnChunkRoom {
  /// Makes a chunk, and hands over the one before.
  ///
  /// @param sizeBytes at least 0
  /// @return its bytes, writable until the next call
  /// @throws StoreFullException if a chunk of this length can never fit
  MemorySegment next(long sizeBytes);

  /// Keeps only the first bytes of the chunk that was made last.
  void shrink(long sizeBytes);

  /// Hands over the chunk that was made last, unless the end of the stream does so by itself.
  ///
  /// @param patient whether to wait for room
  /// @throws StoreException if the daemon does not take it
  void handOver(boolean patient);

  /// Gives up the chunk that was made last, if it was not handed over.
  void close();
}
