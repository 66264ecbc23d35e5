package dev.vinery.client;

import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreFullException;
import dev.vinery.protocol.StreamRequest;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chunks in memory of this process, which travel over TCP when they are handed over: first the
/// bytes, as a blob, then its id. Confined to one writer.
///
/// Our daemon lets who pushes wait while memory is full up to its threshold. The official one does
/// not, so this tries again for as long as there is no room at all.
final class OwnChunkRoom implements ChunkRoom {
  private static final long FIRST_PAUSE_MILLIS = 1;
  private static final long MAX_PAUSE_MILLIS = 100;

  private final ObjectId stream;
  private final Connection connection;
  private final Client client;
  private final long memoryLimitBytes;
  private @Nullable BlobWriter last;

  /// @param connection of the writer alone
  /// @param client sends the bytes
  /// @param memoryLimitBytes what clients may store in the daemon
  OwnChunkRoom(ObjectId stream, Connection connection, Client client, long memoryLimitBytes) {
    this.stream = stream;
    this.connection = connection;
    this.client = client;
    this.memoryLimitBytes = memoryLimitBytes;
  }

  @Override
  public MemorySegment next(long sizeBytes) {
    if (sizeBytes >= memoryLimitBytes) {
      throw new StoreFullException(
          "a chunk of %d bytes never fits: the daemon has %d bytes"
              .formatted(sizeBytes, memoryLimitBytes));
    }
    handOver(true);
    BlobWriter next = client.createBlob(sizeBytes);
    last = next;
    return next.segment();
  }

  @Override
  public void shrink(long sizeBytes) {
    if (last == null) {
      throw new IllegalStateException("stream " + stream + " has no chunk that is being written");
    }
    last.shrink(sizeBytes);
  }

  @Override
  public void handOver(boolean patient) {
    BlobWriter written = last;
    if (written == null) {
      return;
    }
    last = null;
    boolean pushed = false;
    try (written;
        Blob blob = patient ? sealWithPatience(written) : written.seal()) {
      try {
        connection.call(
            new StreamRequest.Push(stream, blob.id(), patient), Reply.Done.class, Streams.FOR_EVER);
        pushed = true;
      } finally {
        if (!pushed) {
          client.delete(List.of(blob.id()));
        }
      }
    }
  }

  private Blob sealWithPatience(BlobWriter written) {
    long pauseMillis = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        return written.seal();
      } catch (StoreFullException full) {
        pause(pauseMillis);
        pauseMillis = Math.min(2 * pauseMillis, MAX_PAUSE_MILLIS);
      }
    }
  }

  private void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionException(
          Status.CONNECTION_ERROR, "interrupted while stream " + stream + " had no room", e);
    }
  }

  @Override
  public void close() {
    if (last != null) {
      last.close();
      last = null;
    }
  }
}
