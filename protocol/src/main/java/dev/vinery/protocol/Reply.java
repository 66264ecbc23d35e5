package dev.vinery.protocol;

import java.util.List;

/// What a daemon answers: one record for each answer that says more than "done", in families.
public sealed interface Reply
    permits BlobReply,
        ClusterReply,
        ExtentReply,
        NameReply,
        ObjectReply,
        PlasmaReply,
        Reply.Done,
        Reply.Failed,
        SessionReply,
        SlabReply,
        SpillReply,
        StreamReply {

  /// Keys of the memory files whose descriptors follow the frame, in the order of sending. Each
  /// travels alone, behind one byte.
  default List<Integer> descriptors() {
    return List.of();
  }

  /// The request was refused, and nothing was changed.
  record Failed(Status status, String message) implements Reply {}

  /// The request was carried out and there is nothing to tell.
  enum Done implements Reply {
    SEAL("seal_reply"),
    DROP_BUFFER("drop_buffer_reply"),
    SHRINK_BUFFER("shrink_buffer_reply"),
    HOLD("increase_reference_count_reply"),
    RELEASE("release_reply"),
    PLASMA_RELEASE("plasma_release_reply"),
    PLASMA_DELETE("plasma_delete_data_reply"),
    PERSIST("persist_reply"),
    LABEL("label_reply"),
    DELETE("del_data_reply"),
    CLEAR("clear_reply"),
    PUT_NAME("put_name_reply"),
    DROP_NAME("drop_name_reply"),
    FINISH_SLAB("finalize_arena_reply"),
    RETURN_EXTENT("vinery_return_reply"),
    DELETE_SESSION("delete_session_reply"),
    MOVE_BUFFERS("move_buffers_ownership_reply"),
    EVICT("evict_reply"),
    LOAD("load_reply"),
    UNPIN("unpin_reply"),
    CREATE_STREAM("create_stream_reply"),
    OPEN_STREAM("open_stream_reply"),
    PUSH_CHUNK("push_next_stream_chunk_reply"),
    STOP_STREAM("stop_stream_reply"),
    DROP_STREAM("drop_stream_reply");

    private final String type;

    Done(String type) {
      this.type = type;
    }

    /// The wire's name of the reply.
    public String type() {
      return type;
    }
  }
}
