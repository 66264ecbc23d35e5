package dev.vinery.protocol;

import java.util.List;

/// Replies about memory files lent to clients.
public sealed interface SlabReply extends Reply {
  /// `make_arena_reply`.
  ///
  /// @param descriptors the key again if the descriptor follows, else empty
  record Made(int storeFd, long sizeBytes, long pointer, List<Integer> descriptors)
      implements SlabReply {
    public Made {
      descriptors = List.copyOf(descriptors);
    }
  }
}
