package dev.vinery.client;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StoreFullException;
import dev.vinery.protocol.StreamFailedException;
import dev.vinery.protocol.StreamRequest;
import java.lang.foreign.MemorySegment;

/// The producer's end of a stream. Confined to one thread, save that several threads may write to a
/// chunk.
///
/// It ends by [#finish()] or [#fail(String)]. If it is closed before, or its process dies, the
/// stream fails, so that no reader takes a part for the whole.
public final class StreamWriter implements AutoCloseable {
  private final ObjectId id;
  private final Connection connection;
  private final ChunkRoom room;
  private boolean ended;

  /// @param connection of this writer alone, which it closes
  StreamWriter(ObjectId id, Connection connection, ChunkRoom room) {
    this.id = id;
    this.connection = connection;
    this.room = room;
  }

  /// The stream.
  public ObjectId id() {
    return id;
  }

  /// Makes the next chunk, in memory shared with the daemon. The one before goes to the reader.
  /// Over TCP it is memory of this process, and the one before is sent now.
  ///
  /// Waits without limit while the chunks that nobody has read, and all else, fill the daemon's
  /// memory up to its threshold. An interrupt ends the wait, the writer, and with it the stream.
  ///
  /// @param sizeBytes length of the chunk in bytes, at least 0
  /// @return its bytes, whose first contents are undefined; to be written until the next call of
  ///   this writer, and not after
  /// @throws StoreFullException if a chunk of this length can never fit
  /// @throws StreamFailedException if the stream was dropped meanwhile
  /// @throws IllegalStateException if the writer has ended
  public MemorySegment next(long sizeBytes) {
    requireOpen();
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size of a chunk must not be negative: " + sizeBytes);
    }
    return room.next(sizeBytes);
  }

  /// Keeps only the first bytes of the chunk that [#next] returned last.
  ///
  /// @param sizeBytes its new length, from 1 to its present one
  /// @throws StoreException if there is no such chunk, or it is shorter
  /// @throws IllegalStateException if the writer has ended
  public void shrink(long sizeBytes) {
    requireOpen();
    room.shrink(sizeBytes);
  }

  /// Makes a copy of some bytes the next chunk. See [#next].
  public void write(MemorySegment bytes) {
    next(bytes.byteSize()).copyFrom(bytes);
  }

  /// Makes a copy of some bytes the next chunk. See [#next].
  public void write(byte[] bytes) {
    write(MemorySegment.ofArray(bytes));
  }

  /// Hands over an object or a blob as a chunk, behind those that are written whole and before the
  /// one that [#next] returned last. It belongs to the stream from now on, and is deleted when it
  /// has been read.
  ///
  /// Waits without limit while memory is used up to the daemon's threshold and the stream has
  /// chunks that nobody has read. Official daemons let nobody wait.
  ///
  /// @throws StreamFailedException if the stream was dropped meanwhile
  /// @throws IllegalStateException if the writer has ended
  public void append(ObjectId chunk) {
    requireOpen();
    connection.call(new StreamRequest.Push(id, chunk, true), Reply.Done.class, Streams.FOR_EVER);
  }

  /// Ends the stream: what was written is all.
  ///
  /// @throws StoreException with [Status#INVALID_STREAM_STATE] if the stream failed meanwhile
  /// @throws IllegalStateException if the writer has ended
  public void finish() {
    requireOpen();
    end(new StreamRequest.Stop(id, false, ""));
  }

  /// Ends the stream too early. The reader gets what was written, and then the reason.
  ///
  /// @param reason for people; official daemons drop it
  /// @throws StoreException with [Status#INVALID_STREAM_STATE] if the stream failed meanwhile
  /// @throws IllegalStateException if the writer has ended
  public void fail(String reason) {
    requireOpen();
    end(new StreamRequest.Stop(id, true, reason));
  }

  private void end(StreamRequest.Stop stop) {
    try {
      room.handOver(true);
      connection.call(stop, Reply.Done.class);
    } finally {
      ended = true;
      room.close();
      connection.close();
    }
  }

  private void requireOpen() {
    if (ended) {
      throw new IllegalStateException("the writer of stream " + id + " has ended");
    }
  }

  /// Fails the stream if it was neither finished nor failed. Closing twice is fine.
  @Override
  public void close() {
    if (!ended) {
      ended = true;
      try {
        room.handOver(false);
        connection.call(
            new StreamRequest.Stop(id, true, "its writer was closed before it was finished"),
            Reply.Done.class);
      } catch (StoreException ending) {
        // The stream has ended by itself, or does so with this connection.
      } finally {
        room.close();
        connection.close();
      }
    }
  }

  @Override
  public String toString() {
    return "StreamWriter[" + id + "]";
  }
}
