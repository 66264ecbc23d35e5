package dev.vinery.protocol;

import java.util.List;

/// Requests about whole memory files lent to an allocator of the client's. The wire calls them
/// arenas.
public sealed interface SlabRequest extends Request {
  /// `make_arena_request`.
  ///
  /// @param sizeBytes length of the file, or [#MEMORY_LIMIT]
  record Make(long sizeBytes) implements SlabRequest {
    /// As large as the daemon's memory limit; all 64 bits set on the wire.
    public static final long MEMORY_LIMIT = -1L;
  }

  /// `finalize_arena_request`: make blobs of these pieces and give the rest back.
  record Finish(int storeFd, List<Long> offsets, List<Long> sizesBytes) implements SlabRequest {
    public Finish {
      offsets = List.copyOf(offsets);
      sizesBytes = List.copyOf(sizesBytes);
    }
  }
}
