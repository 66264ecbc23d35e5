package dev.vinery.server;

import dev.vinery.protocol.ObjectExistsException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StoreFullException;
import dev.vinery.protocol.StreamReply;
import dev.vinery.protocol.StreamRequest;
import dev.vinery.protocol.StreamStatus.State;
import dev.vinery.protocol.StreamTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/// The streams of one session. Answers [StreamRequest]s. Guarded by the store lock.
///
/// A chunk that was handed out to be written is an unsealed blob of its writer. Ready, it belongs
/// to the stream. Pulled, it stays until the next pull, which deletes it *for the reader*: who
/// pulls gives up its own reading of the chunk before, as who deletes a blob does. Other
/// connections that read it keep its bytes.
final class StreamHandler {
  /// Streams of one session.
  static final int MAX_STREAMS = 1 << 16;

  /// Chunks that one stream keeps.
  static final int MAX_KEPT_CHUNKS = 1 << 20;

  /// Characters of the reason why a stream failed.
  static final int MAX_REASON_CHARS = 4096;

  private final StreamOptions options;
  private final BlobTable blobs;
  private final ObjectHandler objects;
  private final MemoryPool pool;
  private final Waits<ObjectId> waits;
  private final Alarms alarms;
  private final long thresholdBytes;
  private final SequencedMap<ObjectId, Stream> streams = new TreeMap<>();

  /// @param waits requests that wait for blobs to be sealed
  StreamHandler(
      StreamOptions options,
      BlobTable blobs,
      ObjectHandler objects,
      MemoryPool pool,
      Waits<ObjectId> waits,
      Alarms alarms) {
    this.options = options;
    this.blobs = blobs;
    this.objects = objects;
    this.pool = pool;
    this.waits = waits;
    this.alarms = alarms;
    this.thresholdBytes = pool.limitBytes() * options.thresholdPercent() / 100;
  }

  Answer handle(StreamRequest request, Peer peer) {
    return switch (request) {
      case StreamRequest.Create(var id, var terms) -> Answer.now(create(id, terms));
      case StreamRequest.Open open -> {
        Stream stream = get(open.id());
        stream.open(open, peer);
        discardDropped(stream);
        yield Answer.now(Reply.Done.OPEN_STREAM);
      }
      case StreamRequest.Push(var id, var chunk, var patient) ->
          push(get(id), chunk, patient, peer);
      case StreamRequest.Reserve(var id, var sizeBytes) -> reserve(get(id), sizeBytes, peer);
      case StreamRequest.Pull(var id) -> pull(get(id), peer);
      case StreamRequest.Stop(var id, var failed, var reason) ->
          Answer.now(stop(get(id), failed, reason, peer));
      case StreamRequest.Drop(var id) -> {
        drop(get(id), peer);
        yield Answer.now(Reply.Done.DROP_STREAM);
      }
      case StreamRequest.Survey() ->
          Answer.now(
              new StreamReply.Surveyed(streams.values().stream().map(Stream::status).toList()));
    };
  }

  /// How many requests wait.
  int waiting() {
    return streams.values().stream().mapToInt(Stream::waiting).sum();
  }

  private Stream get(ObjectId id) {
    Stream stream = streams.get(id);
    if (stream == null) {
      throw new ObjectNotFoundException("no stream has the id " + id);
    }
    return stream;
  }

  private Reply create(ObjectId id, StreamTerms terms) {
    if (streams.containsKey(id)) {
      throw new ObjectExistsException("there is a stream " + id + " already");
    }
    if (streams.size() >= MAX_STREAMS) {
      throw new StoreFullException("there may be " + MAX_STREAMS + " streams in a session");
    }
    streams.put(id, new Stream(id, terms));
    return Reply.Done.CREATE_STREAM;
  }

  private Answer push(Stream stream, ObjectId chunk, boolean patient, Peer peer) {
    stream.checkWritable(peer);
    checkRoomForOneMore(stream);
    long sizeBytes = sizeBytes(chunk);
    if (isFull(stream, sizeBytes)) {
      return stream.awaitRoom(new Answer.Later(() -> {}), peer);
    }
    // What is pushed takes its room already: waiting is of use only while others can be read.
    if (patient && pool.usedBytes() >= thresholdBytes && stream.readers().readyCount() > 0) {
      return stream.awaitRoom(pool.roomWaits().await(thresholdBytes - 1), peer);
    }
    stream.writtenBy(peer);
    append(stream, chunk, sizeBytes);
    return Answer.now(Reply.Done.PUSH_CHUNK);
  }

  /// Whether a chunk has to wait by the terms of its stream.
  private boolean isFull(Stream stream, long sizeBytes) {
    boolean full = stream.readers().isFull(sizeBytes);
    discardDropped(stream);
    return full;
  }

  /// One that is being written counts as ready, because it will be.
  private static void checkRoomForOneMore(Stream stream) {
    if (stream.readers().keptCount() >= MAX_KEPT_CHUNKS) {
      throw new StoreFullException(
          "stream %s keeps %d chunks".formatted(stream.id(), MAX_KEPT_CHUNKS));
    }
  }

  /// The length of a chunk, if it is a blob.
  private long sizeBytes(ObjectId chunk) {
    Blob blob = blobs.find(chunk);
    return blob == null ? 0 : blob.sizeBytes();
  }

  private void append(Stream stream, ObjectId chunk, long sizeBytes) {
    stream.readers().append(new StreamChunk(chunk, sizeBytes, System.nanoTime()));
    setAlarm(stream);
  }

  private Answer reserve(Stream stream, long sizeBytes, Peer peer) {
    stream.checkWritable(peer);
    checkRoomForOneMore(stream);
    if (sizeBytes == 0) {
      appendWritten(stream, peer);
      stream.beginWriting(ObjectId.EMPTY_BLOB, peer);
      return Answer.now(new StreamReply.Reserved(Payload.EMPTY, Payload.NO_STORE_FD));
    }
    if (sizeBytes >= thresholdBytes) {
      throw new StoreFullException(
          "a chunk of %d bytes never fits: streams may fill %d percent of %d bytes"
              .formatted(sizeBytes, options.thresholdPercent(), pool.limitBytes()));
    }
    if (stream.terms().limitBytes() != StreamTerms.UNLIMITED) {
      appendWritten(stream, peer); // it counts
    }
    if (isFull(stream, sizeBytes)) {
      return stream.awaitRoom(new Answer.Later(() -> {}), peer);
    }
    if (sizeBytes >= thresholdBytes - pool.usedBytes()) {
      stream.readers().dropFinished();
      discardDropped(stream);
    }
    if (sizeBytes >= thresholdBytes - pool.usedBytes()) {
      appendWritten(stream, peer);
      long mostUsedBytes = thresholdBytes - sizeBytes - 1;
      return stream.awaitRoom(pool.roomWaits().await(mostUsedBytes), peer);
    }
    return Answer.now(handOut(stream, sizeBytes, peer));
  }

  private Reply handOut(Stream stream, long sizeBytes, Peer peer) {
    Blob blob = blobs.create(sizeBytes, peer);
    try {
      checkUnchanged(stream, peer); // reserving memory may have waited without the lock
    } catch (StoreException changed) {
      blobs.delete(blob);
      peer.forget(blob);
      throw changed;
    }
    appendWritten(stream, peer);
    stream.beginWriting(blob.id(), peer);
    Payload payload = blob.payload(true);
    boolean isNew = peer.introduce(blob.region(), true);
    return new StreamReply.Reserved(payload, isNew ? payload.storeFd() : Payload.NO_STORE_FD);
  }

  private void checkUnchanged(Stream stream, Peer peer) {
    if (get(stream.id()) != stream) {
      throw new ObjectNotFoundException("stream " + stream.id() + " was dropped");
    }
    stream.checkWritable(peer);
  }

  /// Seals and appends the chunk that was handed out before, unless its writer has deleted it.
  private void appendWritten(Stream stream, Peer peer) {
    stream.writtenBy(peer);
    ObjectId written = stream.takeWritten();
    if (written == null) {
      return;
    }
    Blob blob = blobs.find(written);
    if (blob != null) {
      blobs.finish(blob, peer);
      waits.come(written);
    }
    if (blob != null || written.equals(ObjectId.EMPTY_BLOB)) {
      append(stream, written, blob == null ? 0 : blob.sizeBytes());
    }
  }

  private Answer pull(Stream stream, Peer peer) {
    StreamCursor cursor = stream.beginPull(peer);
    discardDropped(stream);
    Reply next = stream.readers().next(cursor);
    stream.lookForRoomAgain();
    return next != null ? Answer.now(next) : cursor.await();
  }

  /// Deletes the chunks that a stream has dropped, for those who read it, too: each gives up its
  /// own reading of them.
  private void discardDropped(Stream stream) {
    List<ObjectId> dropped = stream.readers().takeDropped();
    if (!dropped.isEmpty()) {
      Set<Blob> gone = objects.discard(dropped);
      stream.readers().peers().forEach(reader -> gone.forEach(reader::forget));
    }
  }

  private Reply stop(Stream stream, boolean failed, String reason, Peer peer) {
    if (reason.length() > MAX_REASON_CHARS) {
      throw new ProtocolException(
          "a reason may have %d characters, this one has %d"
              .formatted(MAX_REASON_CHARS, reason.length()));
    }
    stream.checkWritable(peer);
    appendWritten(stream, peer);
    stream.end(failed ? State.FAILED : State.FINISHED, reason, System.nanoTime());
    setAlarm(stream);
    return Reply.Done.STOP_STREAM;
  }

  /// Drops a stream with its chunks. Who has a chunk still reads it.
  ///
  /// @param dropper gives up the chunk it is writing, if that is in this stream
  private void drop(Stream stream, Peer dropper) {
    Set<Blob> gone = remove(stream);
    for (Blob blob : gone) {
      if (blob.creator() == dropper) {
        dropper.forget(blob);
      }
    }
  }

  private Set<Blob> remove(Stream stream) {
    streams.remove(stream.id());
    stream.drop();
    List<ObjectId> chunks = new ArrayList<>(stream.readers().takeDropped());
    ObjectId written = stream.takeWritten();
    if (written != null) {
      chunks.add(written);
    }
    return objects.discard(chunks);
  }

  /// Frees what a connection leaves behind: see [Stream#left]. What it was writing is gone already.
  void left(Peer peer) {
    List<Stream> exhausted = new ArrayList<>();
    for (Stream stream : streams.values()) {
      boolean abandoned = stream.left(peer, System.nanoTime());
      discardDropped(stream);
      setAlarm(stream);
      if (abandoned && !stream.terms().shared()) {
        if (stream.exhausted()) {
          exhausted.add(stream);
        } else {
          stream.expire(alarms.after(options.returnTime(), () -> expire(stream)));
        }
      }
    }
    exhausted.forEach(this::remove);
  }

  private void expire(Stream stream) {
    if (streams.get(stream.id()) == stream && stream.readers().count() == 0) {
      remove(stream);
    }
  }

  /// Sets an alarm for what gets too old by the terms of a stream, if there is any.
  private void setAlarm(Stream stream) {
    if (stream.needsAgeing()) {
      long delayNanos = Math.max(0, stream.oldNanos() - System.nanoTime());
      stream.age(alarms.after(Duration.ofNanos(delayNanos), () -> dropOld(stream)));
    }
  }

  private void dropOld(Stream stream) {
    if (streams.get(stream.id()) != stream) {
      return;
    }
    boolean over = stream.dropOld(System.nanoTime());
    discardDropped(stream);
    if (over) {
      remove(stream);
    } else if (stream.readers().keptCount() > 0 || stream.readers().count() == 0) {
      setAlarm(stream);
    }
  }

  /// Forgets everything, as a session ends.
  void clear() {
    streams.values().forEach(Stream::drop);
    streams.clear();
  }
}
