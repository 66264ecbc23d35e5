package dev.vinery.arrow;

import dev.vinery.protocol.ObjectId;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;

/// Knows which Arrow buffers lie in blobs of a client already.
interface StoredBlobs {
  /// No buffers do.
  StoredBlobs NONE =
      new StoredBlobs() {
        @Override
        public boolean has(ArrowBuf buffer) {
          return false;
        }

        @Override
        public Optional<ObjectId> find(ArrowBuf buffer, long sizeBytes) {
          return Optional.empty();
        }
      };

  /// Whether a blob begins where the buffer does.
  boolean has(ArrowBuf buffer);

  /// The blob that begins where the buffer does. It is sealed: the buffer must not be written any
  /// more.
  ///
  /// @param sizeBytes how long the blob must be at least; if 0, nothing is found
  Optional<ObjectId> find(ArrowBuf buffer, long sizeBytes);
}
