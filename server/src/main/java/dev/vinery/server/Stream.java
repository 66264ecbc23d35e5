package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StreamReply;
import dev.vinery.protocol.StreamStatus;
import dev.vinery.protocol.StreamStatus.State;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// One stream: the chunks in it, who is at its ends, and who waits for it.
///
/// A chunk is first *being written*, then *ready*, then *being read*, and deleted when the next one
/// is pulled. At each end there is one connection at a time. Knows ids only; [StreamHandler] makes
/// and deletes what they stand for. Guarded by the store lock.
final class Stream {
  private final ObjectId id;
  private final Deque<Chunk> ready = new ArrayDeque<>();
  private long readyBytes;
  private State state = State.RUNNING;
  private String reason = "";

  private @Nullable Peer openForReading;
  private @Nullable Peer reader;
  private boolean everPulled;
  private @Nullable Chunk beingRead;
  private @Nullable Peer beingReadBy;
  private Answer.@Nullable Later pull;
  private @Nullable Future<?> expiry;

  private @Nullable Peer openForWriting;
  private @Nullable Peer writer;
  private @Nullable ObjectId beingWritten;
  private @Nullable Peer beingWrittenBy;
  private Answer.@Nullable Later room;
  private @Nullable Peer roomFor;

  /// An element of a stream.
  ///
  /// @param sizeBytes of a blob; 0 for an object
  record Chunk(ObjectId id, long sizeBytes) {}

  Stream(ObjectId id) {
    this.id = id;
  }

  ObjectId id() {
    return id;
  }

  int readyCount() {
    return ready.size();
  }

  boolean running() {
    return state == State.RUNNING;
  }

  /// How many requests wait.
  int waiting() {
    return (pull == null ? 0 : 1) + (room == null ? 0 : 1);
  }

  StreamStatus status() {
    return new StreamStatus(
        id, state, reason, ready.size(), readyBytes, reader != null, producer() != null);
  }

  boolean hasReader() {
    return reader != null;
  }

  // Its ends.

  void open(boolean reading, boolean writing, Peer peer) {
    if (reading && openForReading != null) {
      throw opened("reading");
    }
    if (writing && openForWriting != null) {
      throw opened("writing");
    }
    if (reading) {
      openForReading = peer;
      comeToRead(peer);
    }
    if (writing) {
      openForWriting = peer;
    }
  }

  private StoreException opened(String forWhat) {
    return new StoreException(
        Status.STREAM_OPENED, "stream " + id + " is open for " + forWhat + " already");
  }

  private void comeToRead(Peer peer) {
    reader = peer;
    if (expiry != null) {
      expiry.cancel(false);
      expiry = null;
    }
  }

  /// Who has to say that the stream is finished: who opened it for writing or else wrote last.
  private @Nullable Peer producer() {
    return openForWriting != null ? openForWriting : writer;
  }

  // Writing.

  /// Refuses a request that writes or ends the stream.
  ///
  /// @param peer who asks
  void checkWritable(Peer peer) {
    if (roomFor == peer) {
      forgetRoom(); // it asks again, so its wait is over
    }
    if (state != State.RUNNING) {
      throw wrongState("stream " + id + " is " + state.word() + " already");
    }
    if (room != null) {
      throw wrongState("a writer of stream " + id + " waits for room");
    }
  }

  private static StoreException wrongState(String detail) {
    return new StoreException(Status.INVALID_STREAM_STATE, detail);
  }

  void writtenBy(Peer peer) {
    writer = peer;
  }

  /// Adds a chunk at the end and hands it to who waits for it.
  void append(Chunk chunk) {
    ready.addLast(chunk);
    readyBytes += chunk.sizeBytes;
    wakeReader();
  }

  /// Takes the chunk that is being written, if there is one, as it is written now.
  @Nullable ObjectId takeWritten() {
    ObjectId written = beingWritten;
    beingWritten = null;
    beingWrittenBy = null;
    return written;
  }

  void beginWriting(ObjectId chunk, Peer peer) {
    beingWritten = chunk;
    beingWrittenBy = peer;
  }

  Answer.Later awaitRoom(Answer.Later later, Peer peer) {
    room = later;
    roomFor = peer;
    return later;
  }

  /// Forgets a wait for room: it has come, or who waited has left.
  private void forgetRoom() {
    room = null;
    roomFor = null;
  }

  private void endWaitForRoom() {
    if (room != null) {
      room.cancel(); // no room is to wake it any more
      room.come(failure());
      forgetRoom();
    }
  }

  /// Ends the stream. What is ready can still be read.
  ///
  /// @param end finished or failed
  void end(State end, String why) {
    state = end;
    reason = why;
    wakeReader();
  }

  // Reading.

  void checkReadable() {
    if (pull != null) {
      throw wrongState("a reader of stream " + id + " waits for a chunk");
    }
  }

  /// Takes the chunk that was pulled last, if there is one: asking for the next one ends it.
  @Nullable ObjectId beginPull(Peer peer) {
    comeToRead(peer);
    everPulled = true;
    Chunk read = beingRead;
    beingRead = null;
    beingReadBy = peer;
    return read == null ? null : read.id;
  }

  /// What a pull is answered now; null if it has to wait.
  @Nullable Reply next() {
    Chunk next = ready.pollFirst();
    if (next != null) {
      readyBytes -= next.sizeBytes;
      beingRead = next;
      return new StreamReply.Pulled(next.id);
    }
    return switch (state) {
      case RUNNING -> null;
      case FINISHED ->
          new Reply.Failed(
              Status.STREAM_DRAINED, "stream " + id + " is finished and has no more chunks");
      case FAILED -> failure();
    };
  }

  private Reply failure() {
    return new Reply.Failed(
        Status.STREAM_FAILED, "stream " + id + " failed" + (reason.isEmpty() ? "" : ": " + reason));
  }

  Answer.Later awaitChunk() {
    pull = new Answer.Later(() -> pull = null);
    return pull;
  }

  private void wakeReader() {
    Answer.Later waiting = pull;
    Reply reply = waiting == null ? null : next();
    if (waiting != null && reply != null) {
      pull = null;
      waiting.come(reply);
    }
  }

  // Leaving.

  /// Notes that a connection has ended. The stream fails if that was its producer, or was writing a
  /// chunk. What its reader had not finished comes first again.
  ///
  /// @return whether the stream is left by a reader that had pulled from it
  boolean left(Peer peer) {
    if (roomFor == peer) {
      forgetRoom();
    }
    boolean failed = running() && (producer() == peer || beingWrittenBy == peer);
    if (beingWrittenBy == peer) {
      takeWritten(); // gone with its connection
    }
    if (openForWriting == peer) {
      openForWriting = null;
    }
    if (writer == peer) {
      writer = null;
    }
    if (openForReading == peer) {
      openForReading = null;
    }
    if (beingReadBy == peer) {
      putBack();
    }
    boolean abandoned = reader == peer;
    if (abandoned) {
      reader = null;
    }
    if (failed) {
      end(State.FAILED, "its producer left without finishing it");
      endWaitForRoom();
    }
    return abandoned && everPulled;
  }

  private void putBack() {
    beingReadBy = null;
    if (beingRead != null) {
      ready.addFirst(beingRead);
      readyBytes += beingRead.sizeBytes;
      beingRead = null;
    }
  }

  /// Whether nobody can want anything of it any more.
  boolean exhausted() {
    return !running() && ready.isEmpty();
  }

  /// Says when the stream is dropped unless somebody comes to read.
  void expire(Future<?> alarm) {
    expiry = alarm;
  }

  /// Ends everything about the stream: who waits is told that it failed.
  ///
  /// @return the chunks that were in it, the one being written last
  Deque<ObjectId> drop() {
    if (running()) {
      state = State.FAILED;
      reason = "it was dropped";
    }
    Deque<ObjectId> chunks = new ArrayDeque<>();
    if (beingRead != null) {
      chunks.add(beingRead.id);
    }
    ready.forEach(chunk -> chunks.add(chunk.id));
    ready.clear();
    ObjectId written = takeWritten();
    if (written != null) {
      chunks.add(written);
    }
    wakeReader();
    endWaitForRoom();
    if (expiry != null) {
      expiry.cancel(false);
    }
    return chunks;
  }
}
