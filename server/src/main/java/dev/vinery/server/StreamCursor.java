package dev.vinery.server;

import dev.vinery.protocol.Reply;
import dev.vinery.protocol.StreamReply;
import org.jspecify.annotations.Nullable;

/// How far a stream has been read by somebody. Guarded by the store lock.
final class StreamCursor {
  private long next;
  private @Nullable Peer peer;
  private @Nullable StreamChunk reading;
  private @Nullable Peer readBy;
  private Answer.@Nullable Later pull;

  /// @param next index of the chunk to come first
  StreamCursor(long next) {
    this.next = next;
  }

  /// The index of the chunk that comes next.
  long next() {
    return next;
  }

  void moveTo(long index) {
    next = index;
  }

  /// The index of the first chunk that is not read to its end.
  long unfinished() {
    return reading == null ? next : next - 1;
  }

  /// Who reads here.
  @Nullable Peer peer() {
    return peer;
  }

  void takenBy(@Nullable Peer reader) {
    peer = reader;
  }

  /// Who pulled last.
  @Nullable Peer readBy() {
    return readBy;
  }

  void pulledBy(@Nullable Peer reader) {
    readBy = reader;
  }

  /// Takes the chunk that comes next.
  Reply pull(ChunkLog log) {
    StreamChunk chunk = log.get(next);
    chunk.beginReading();
    reading = chunk;
    return new StreamReply.Pulled(chunk.id(), next++);
  }

  /// Takes back the chunk that was pulled last, if it is being read.
  @Nullable StreamChunk endReading() {
    StreamChunk read = reading;
    reading = null;
    return read;
  }

  @Nullable StreamChunk reading() {
    return reading;
  }

  boolean waiting() {
    return pull != null;
  }

  Answer.Later await() {
    pull = new Answer.Later(() -> pull = null);
    return pull;
  }

  void answer(Reply reply) {
    Answer.Later waiting = pull;
    pull = null;
    if (waiting != null) {
      waiting.come(reply);
    }
  }
}
