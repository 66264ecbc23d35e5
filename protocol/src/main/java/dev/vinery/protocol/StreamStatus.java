package dev.vinery.protocol;

/// How a stream is at one moment. Immutable.
///
/// @param state whether chunks may still come
/// @param reason why it failed, for people; empty if it did not or nobody said
/// @param terms how it keeps its chunks
/// @param readyChunks chunks that were written and that not every reader has pulled yet
/// @param readyBytes bytes of those of them that are blobs
/// @param keptBytes bytes of blobs that it keeps, those that were read included
/// @param readers connections that opened it for reading or pulled
/// @param hasWriter whether a connection is there that opened it for writing or wrote
public record StreamStatus(
    ObjectId id,
    State state,
    String reason,
    StreamTerms terms,
    long readyChunks,
    long readyBytes,
    long keptBytes,
    long readers,
    boolean hasWriter) {

  /// What is to be expected of a stream.
  public enum State {
    /// More chunks may come.
    RUNNING("running"),
    /// Its producer has finished it.
    FINISHED("finished"),
    /// It ended too early.
    FAILED("failed");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /// The wire's name of the state.
    public String word() {
      return word;
    }

    static State of(String word) {
      for (State state : values()) {
        if (state.word.equals(word)) {
          return state;
        }
      }
      throw new ProtocolException("a stream is running, finished or failed, not '" + word + "'");
    }
  }

  /// Whether there is a reader.
  public boolean hasReader() {
    return readers > 0;
  }

  static StreamStatus read(Json.Fields in) {
    return new StreamStatus(
        in.id("id"),
        State.of(in.text("state")),
        in.text("reason"),
        StreamTerms.read(in),
        in.count("ready_chunks"),
        in.count("ready_bytes"),
        in.count("kept_bytes"),
        in.count("readers"),
        in.flag("has_writer"));
  }

  void write(JsonWriter out) {
    out.beginObject().field("has_writer", hasWriter).field("id", id).field("kept_bytes", keptBytes);
    terms.writeLimits(out);
    out.field("readers", readers)
        .field("ready_bytes", readyBytes)
        .field("ready_chunks", readyChunks)
        .field("reason", reason)
        .field("shared", terms.shared())
        .field("state", state.word())
        .endObject();
  }
}
