package dev.vinery.protocol;

import java.util.List;

/// Replies about payload bytes, in shared memory or behind the reply.
public sealed interface BlobReply extends Reply {
  /// `create_buffer_reply`.
  ///
  /// @param newStoreFd the payload's key if its descriptor follows, else -1
  record Created(Payload payload, int newStoreFd) implements BlobReply {
    @Override
    public List<Integer> descriptors() {
      return newStoreFd == Payload.NO_STORE_FD ? List.of() : List.of(newStoreFd);
    }
  }

  /// `create_disk_buffer_reply`: as [Created], for a blob in a file of its own.
  record CreatedOnDisk(Payload payload, int newStoreFd) implements BlobReply {
    @Override
    public List<Integer> descriptors() {
      return newStoreFd == Payload.NO_STORE_FD ? List.of() : List.of(newStoreFd);
    }
  }

  /// `create_buffers_reply`: payloads in the order of the request.
  record CreatedMany(List<Payload> payloads, List<Integer> descriptors) implements BlobReply {
    public CreatedMany {
      payloads = List.copyOf(payloads);
      descriptors = List.copyOf(descriptors);
    }
  }

  /// `get_buffers_reply`: the payloads that are known, in the order of the request.
  ///
  /// @param compressed whether the bytes behind the reply are; clients go by what they asked for
  record Found(List<Payload> payloads, List<Integer> descriptors, boolean compressed)
      implements BlobReply {
    public Found {
      payloads = List.copyOf(payloads);
      descriptors = List.copyOf(descriptors);
    }

    /// Payloads in shared memory.
    public Found(List<Payload> payloads, List<Integer> descriptors) {
      this(payloads, descriptors, false);
    }
  }
}
