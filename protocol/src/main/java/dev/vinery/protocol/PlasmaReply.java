package dev.vinery.protocol;

import java.util.List;

/// Replies about the blobs of a plasma session.
public sealed interface PlasmaReply extends Reply {
  /// `create_buffer_by_plasma_reply`.
  ///
  /// @param id of the blob below; [ObjectId#INVALID] if nothing was stored
  record Created(ObjectId id, PlasmaPayload payload, int newStoreFd) implements PlasmaReply {
    @Override
    public List<Integer> descriptors() {
      return newStoreFd == Payload.NO_STORE_FD ? List.of() : List.of(newStoreFd);
    }
  }

  /// `get_buffers_by_plasma_reply`. The wire does not say which descriptors follow.
  record Found(List<PlasmaPayload> payloads, List<Integer> descriptors) implements PlasmaReply {
    public Found {
      payloads = List.copyOf(payloads);
      descriptors = List.copyOf(descriptors);
    }
  }
}
