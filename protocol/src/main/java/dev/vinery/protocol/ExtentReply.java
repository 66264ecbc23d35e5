package dev.vinery.protocol;

import java.util.List;

/// Replies about memory that is lent to clients.
public sealed interface ExtentReply extends Reply {
  /// `vinery_lease_reply`.
  ///
  /// @param extent its number on this connection
  /// @param memory where it lies, to be written; it has no id
  /// @param newStoreFd the memory's key if its descriptor follows, else -1
  record Leased(int extent, Payload memory, int newStoreFd) implements ExtentReply {
    @Override
    public List<Integer> descriptors() {
      return newStoreFd == Payload.NO_STORE_FD ? List.of() : List.of(newStoreFd);
    }
  }

  /// `vinery_put_reply`: ids in the order of the request.
  record Stored(List<ObjectId> blobs, List<ObjectId> objects) implements ExtentReply {
    public Stored {
      blobs = List.copyOf(blobs);
      objects = List.copyOf(objects);
    }
  }
}
