package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StreamRequest;
import dev.vinery.protocol.StreamStatus;
import dev.vinery.protocol.StreamStatus.State;
import dev.vinery.protocol.StreamTerms;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// One stream: its chunks, who is at its ends, and who waits for it.
///
/// A chunk is first *being written*, then *ready*, then *being read*, and dropped when nobody is to
/// read it any more; see [StreamReaders]. There is one writer at a time. Knows ids only;
/// [StreamHandler] makes and deletes what they stand for. Guarded by the store lock.
final class Stream {
  private final ObjectId id;
  private final StreamTerms terms;
  private State state = State.RUNNING;
  private String reason = "";
  private long endedNanos;

  private final StreamReaders readers;
  private @Nullable Peer openForReading;
  private boolean everPulled;
  private @Nullable Future<?> expiry;
  private @Nullable Future<?> ageing;

  private @Nullable Peer openForWriting;
  private @Nullable Peer writer;
  private @Nullable ObjectId beingWritten;
  private @Nullable Peer beingWrittenBy;
  private Answer.@Nullable Later room;
  private @Nullable Peer roomFor;

  Stream(ObjectId id, StreamTerms terms) {
    this.id = id;
    this.terms = terms;
    this.readers = new StreamReaders(terms, this::endReply);
  }

  ObjectId id() {
    return id;
  }

  StreamTerms terms() {
    return terms;
  }

  /// Its chunks, and who reads them.
  StreamReaders readers() {
    return readers;
  }

  boolean running() {
    return state == State.RUNNING;
  }

  /// How many requests wait.
  int waiting() {
    return readers.waiting() + (room == null ? 0 : 1);
  }

  StreamStatus status() {
    return new StreamStatus(
        id,
        state,
        reason,
        terms,
        readers.readyCount(),
        readers.readyBytes(),
        readers.keptBytes(),
        readers.count(),
        producer() != null);
  }

  // Its ends.

  void open(StreamRequest.Open request, Peer peer) {
    if (request.reading() && openForReading != null && !terms.shared()) {
      throw opened("reading");
    }
    if (request.writing() && openForWriting != null) {
      throw opened("writing");
    }
    if (request.from() != StreamRequest.Open.FROM_START && !terms.shared()) {
      throw new ProtocolException(
          "stream " + id + " is not shared: there is one position, at which reading goes on");
    }
    if (request.reading()) {
      openForReading = peer;
      readers.come(peer, request.from());
      stopExpiry();
    }
    if (request.writing()) {
      openForWriting = peer;
    }
  }

  private StoreException opened(String forWhat) {
    return new StoreException(
        Status.STREAM_OPENED, "stream " + id + " is open for " + forWhat + " already");
  }

  private void stopExpiry() {
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

  /// Has who waits for room look again, since chunks were read or dropped.
  void lookForRoomAgain() {
    if (room != null && !room.due()) {
      room.cancel(); // no room is to wake it any more
      room.come();
    }
  }

  /// Forgets a wait for room: it has come, or who waited has left.
  private void forgetRoom() {
    room = null;
    roomFor = null;
  }

  private void endWaitForRoom() {
    if (room != null) {
      room.cancel();
      room.come(failure());
      forgetRoom();
    }
  }

  /// Ends the stream. What is ready can still be read.
  ///
  /// @param end finished or failed
  void end(State end, String why, long nowNanos) {
    state = end;
    reason = why;
    endedNanos = nowNanos;
    readers.wake();
  }

  // Reading.

  /// The position of who asks for the next chunk, whose last one ends with that.
  StreamCursor beginPull(Peer peer) {
    if (!terms.shared() && readers.waiting() > 0) {
      throw wrongState("a reader of stream " + id + " waits for a chunk");
    }
    StreamCursor cursor = readers.come(peer, null);
    stopExpiry();
    everPulled = true;
    cursor.pulledBy(peer);
    readers.finishReading(cursor);
    return cursor;
  }

  /// What follows the last chunk; null as long as there may be others.
  private @Nullable Reply endReply() {
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

  // Leaving.

  /// Notes that a connection has ended. The stream fails if that was its producer, or was writing a
  /// chunk.
  ///
  /// @return whether the stream is left by a reader that may have pulled from it
  boolean left(Peer peer, long nowNanos) {
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
    boolean abandoned = readers.left(peer);
    if (failed) {
      end(State.FAILED, "its producer left without finishing it", nowNanos);
      endWaitForRoom();
    } else if (abandoned) {
      lookForRoomAgain();
    }
    return abandoned && everPulled;
  }

  /// Whether nobody can want anything of it any more, unless it is shared.
  boolean exhausted() {
    return !running() && readers.readyCount() == 0;
  }

  /// Says when the stream is dropped unless somebody comes to read.
  void expire(Future<?> alarm) {
    expiry = alarm;
  }

  // Ageing.

  /// Whether something is due when it gets too old, and no alarm is set for that.
  boolean needsAgeing() {
    return terms.ages() && ageing == null && (readers.keptCount() > 0 || !running());
  }

  /// When the oldest chunk, or the stream itself, is to be dropped.
  long oldNanos() {
    long since = readers.keptCount() > 0 ? readers.oldestNanos() : endedNanos;
    return since + terms.limitAge().toNanos();
  }

  /// Says when to look for what is too old.
  void age(Future<?> alarm) {
    ageing = alarm;
  }

  /// Drops the chunks that are too old, as an alarm has told.
  ///
  /// @return whether the stream itself is to go: it has ended, and nobody reads it
  boolean dropOld(long nowNanos) {
    ageing = null;
    readers.dropOld(nowNanos);
    lookForRoomAgain();
    return !running()
        && readers.keptCount() == 0
        && readers.count() == 0
        && nowNanos - oldNanos() >= 0;
  }

  /// Ends everything about the stream: who waits is told that it failed.
  void drop() {
    if (running()) {
      state = State.FAILED;
      reason = "it was dropped";
    }
    readers.dropAll();
    readers.wake();
    endWaitForRoom();
    stopExpiry();
    if (ageing != null) {
      ageing.cancel(false);
    }
  }
}
