package dev.vinery.protocol;

import java.util.List;

/// Replies about streams.
public sealed interface StreamReply extends Reply {
  /// `get_next_stream_chunk_reply`: a chunk to be written.
  ///
  /// @param newStoreFd the payload's key if its descriptor follows, else -1
  record Reserved(Payload payload, int newStoreFd) implements StreamReply {
    @Override
    public List<Integer> descriptors() {
      return newStoreFd == Payload.NO_STORE_FD ? List.of() : List.of(newStoreFd);
    }
  }

  /// `pull_next_stream_chunk_reply`.
  ///
  /// @param chunk a blob or an object, which stays until the next is pulled
  /// @param index how many chunks were in the stream before it; [#UNKNOWN] if the daemon does not
  ///   say, as official ones
  record Pulled(ObjectId chunk, long index) implements StreamReply {
    /// Stands for an index that nobody told.
    public static final long UNKNOWN = -1;
  }

  /// `list_streams_reply`: in the order of their ids.
  record Surveyed(List<StreamStatus> streams) implements StreamReply {
    public Surveyed {
      streams = List.copyOf(streams);
    }
  }
}
