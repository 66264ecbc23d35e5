package dev.vinery.protocol;

/// Requests about streams: ordered hand-overs of chunks from a producer to a consumer.
///
/// A stream is named by an object id, usually of an object that describes it; the daemon does not
/// look whether there is one.
public sealed interface StreamRequest extends Request {
  /// `create_stream_request`, or `create_stream_on_terms_request` if the terms are not plain: begin
  /// a stream without chunks.
  record Create(ObjectId id, StreamTerms terms) implements StreamRequest {
    /// Begins a plain stream, as official clients do.
    public Create(ObjectId id) {
      this(id, StreamTerms.PLAIN);
    }
  }

  /// `open_stream_request`: announce who reads or writes. There is one of each at a time, but for
  /// readers of a shared stream.
  ///
  /// @param reading whether the connection will pull (wire field `mode`, bit 1)
  /// @param writing whether it will push (wire field `mode`, bit 2)
  /// @param from index of the chunk that a reader of a shared stream begins with, or of the nearest
  ///   that there is; [#FROM_START] if it says none (wire field `from`)
  record Open(ObjectId id, boolean reading, boolean writing, long from) implements StreamRequest {
    /// Begins with the first chunk that is kept.
    public static final long FROM_START = 0;

    /// Opens as official clients do.
    public Open(ObjectId id, boolean reading, boolean writing) {
      this(id, reading, writing, FROM_START);
    }
  }

  /// `push_next_stream_chunk_request`: append a blob or an object.
  ///
  /// @param patient whether to wait while memory is used up to the threshold and the stream has
  ///   chunks that nobody has pulled; official clients never do, and official daemons do not know
  ///   of it (wire field `wait`)
  record Push(ObjectId id, ObjectId chunk, boolean patient) implements StreamRequest {
    /// Appends at once, as official clients do.
    public Push(ObjectId id, ObjectId chunk) {
      this(id, chunk, false);
    }
  }

  /// `get_next_stream_chunk_request`: append the chunk being written, if there is one, and make the
  /// next. Waits until there is room for it.
  ///
  /// @param sizeBytes length of the new chunk
  record Reserve(ObjectId id, long sizeBytes) implements StreamRequest {}

  /// `pull_next_stream_chunk_request`: delete the chunk that was pulled before, and take the next.
  /// Waits until there is one.
  record Pull(ObjectId id) implements StreamRequest {}

  /// `stop_stream_request`: append the chunk being written; no others follow.
  ///
  /// @param failed whether the stream ends too early
  /// @param reason why it failed, for people; may be empty, and official clients never say (wire
  ///   field `reason`)
  record Stop(ObjectId id, boolean failed, String reason) implements StreamRequest {}

  /// `drop_stream_request`: end a stream and delete the chunks in it.
  record Drop(ObjectId id) implements StreamRequest {}

  /// `list_streams_request`: how the streams of the session are. Official daemons do not know it.
  record Survey() implements StreamRequest {}
}
