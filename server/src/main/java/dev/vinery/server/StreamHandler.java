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

  /// Chunks of one stream that are ready.
  static final int MAX_READY_CHUNKS = 1 << 20;

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
      case StreamRequest.Create(var id) -> Answer.now(create(id));
      case StreamRequest.Open(var id, var reading, var writing) -> {
        get(id).open(reading, writing, peer);
        yield Answer.now(Reply.Done.OPEN_STREAM);
      }
      case StreamRequest.Push(var id, var chunk) -> Answer.now(push(get(id), chunk, peer));
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

  private Reply create(ObjectId id) {
    if (streams.containsKey(id)) {
      throw new ObjectExistsException("there is a stream " + id + " already");
    }
    if (streams.size() >= MAX_STREAMS) {
      throw new StoreFullException("there may be " + MAX_STREAMS + " streams in a session");
    }
    streams.put(id, new Stream(id));
    return Reply.Done.CREATE_STREAM;
  }

  private Reply push(Stream stream, ObjectId chunk, Peer peer) {
    stream.checkWritable(peer);
    checkRoomForOneMore(stream);
    stream.writtenBy(peer);
    append(stream, chunk);
    return Reply.Done.PUSH_CHUNK;
  }

  /// One that is being written counts as ready, because it will be.
  private static void checkRoomForOneMore(Stream stream) {
    if (stream.readyCount() >= MAX_READY_CHUNKS) {
      throw new StoreFullException(
          "stream %s holds %d chunks that nobody has pulled"
              .formatted(stream.id(), MAX_READY_CHUNKS));
    }
  }

  private void append(Stream stream, ObjectId chunk) {
    Blob blob = blobs.find(chunk);
    stream.append(new Stream.Chunk(chunk, blob == null ? 0 : blob.sizeBytes()));
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
      append(stream, written);
    }
  }

  private Answer pull(Stream stream, Peer peer) {
    stream.checkReadable();
    ObjectId read = stream.beginPull(peer);
    if (read != null) {
      objects.discard(List.of(read)).forEach(peer::forget);
    }
    Reply next = stream.next();
    return next != null ? Answer.now(next) : stream.awaitChunk();
  }

  private Reply stop(Stream stream, boolean failed, String reason, Peer peer) {
    if (reason.length() > MAX_REASON_CHARS) {
      throw new ProtocolException(
          "a reason may have %d characters, this one has %d"
              .formatted(MAX_REASON_CHARS, reason.length()));
    }
    stream.checkWritable(peer);
    appendWritten(stream, peer);
    stream.end(failed ? State.FAILED : State.FINISHED, reason);
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
    return objects.discard(stream.drop());
  }

  /// Frees what a connection leaves behind: see [Stream#left]. What it was writing is gone already.
  void left(Peer peer) {
    List<Stream> exhausted = new ArrayList<>();
    for (Stream stream : streams.values()) {
      if (stream.left(peer)) {
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
    if (streams.get(stream.id()) == stream && !stream.hasReader()) {
      remove(stream);
    }
  }

  /// Forgets everything, as a session ends.
  void clear() {
    streams.values().forEach(Stream::drop);
    streams.clear();
  }
}
