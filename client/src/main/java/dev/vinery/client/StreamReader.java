package dev.vinery.client;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.StreamDrainedException;
import dev.vinery.protocol.StreamFailedException;
import dev.vinery.protocol.StreamReply;
import dev.vinery.protocol.StreamRequest;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The consumer's end of a stream. Confined to one thread.
///
/// The daemon deletes a chunk when the next one is asked for. Who has a chunk open keeps its bytes
/// all the same, until it is closed or forgotten. The official daemon does not know that: with it,
/// a chunk is valid until the next one is asked for.
///
/// If a reader is closed, or its process dies, before the stream has ended, another one may go on:
/// first comes the chunk that this one got last. Readers of a shared stream go their own ways.
public final class StreamReader implements Iterable<VineryObject>, AutoCloseable {
  private final ObjectId id;
  private final Connection connection;
  private final Client client;
  private long index = StreamReply.Pulled.UNKNOWN;
  private boolean drained;

  /// @param connection of this reader alone, which it closes
  /// @param client reads the chunks, on a connection on which nothing is deleted
  StreamReader(ObjectId id, Connection connection, Client client) {
    this.id = id;
    this.connection = connection;
    this.client = client;
  }

  /// The stream.
  public ObjectId id() {
    return id;
  }

  /// Takes the next chunk. Waits without limit until there is one or the stream ends; an interrupt
  /// ends the wait and the reader.
  ///
  /// @return the chunk, a blob or an object, which the caller closes; empty at the end
  /// @throws StreamFailedException if the stream ended too early, with the reason
  /// @throws ObjectNotFoundException if somebody has deleted the chunk
  public Optional<VineryObject> next() {
    if (drained) {
      return Optional.empty();
    }
    var request = new StreamRequest.Pull(id);
    try {
      var pulled = connection.call(request, StreamReply.Pulled.class, Streams.FOR_EVER);
      index = pulled.index();
      return Optional.of(client.getObject(pulled.chunk()));
    } catch (StreamDrainedException end) {
      drained = true;
      return Optional.empty();
    }
  }

  /// How many chunks were in the stream before the one that was taken last. Where that is more than
  /// one higher than before, chunks were dropped unread, as the stream's terms allow.
  ///
  /// @return the index; -1 before the first chunk, or if the daemon is an official one
  public long index() {
    return index;
  }

  /// The chunks from here to the end. Each is closed by the caller. See [#next()] for what may be
  /// thrown on the way.
  @Override
  public Iterator<VineryObject> iterator() {
    return new Iterator<>() {
      private @Nullable VineryObject upcoming;

      @Override
      public boolean hasNext() {
        if (upcoming == null) {
          upcoming = StreamReader.this.next().orElse(null);
        }
        return upcoming != null;
      }

      @Override
      public VineryObject next() {
        if (!hasNext()) {
          throw new NoSuchElementException("stream " + id + " has no more chunks");
        }
        VineryObject chunk = upcoming;
        upcoming = null;
        if (chunk == null) {
          throw new AssertionError("there is a next chunk");
        }
        return chunk;
      }
    };
  }

  /// Leaves the stream. Chunks that are open stay so. Closing twice is fine.
  @Override
  public void close() {
    connection.close();
  }

  @Override
  public String toString() {
    return "StreamReader[" + id + "]";
  }
}
