package dev.vinery.client;

import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.StreamReply;
import dev.vinery.protocol.StreamRequest;
import java.lang.foreign.MemorySegment;

/// Chunks in memory shared with the daemon, which makes them. Confined to one writer.
final class SharedChunkRoom implements ChunkRoom {
  private final ObjectId stream;
  private final Connection connection;
  private ObjectId last = ObjectId.INVALID;

  SharedChunkRoom(ObjectId stream, Connection connection) {
    this.stream = stream;
    this.connection = connection;
  }

  @Override
  public MemorySegment next(long sizeBytes) {
    var request = new StreamRequest.Reserve(stream, sizeBytes);
    return connection.exclusively(() -> {
      var reply = connection.call(request, StreamReply.Reserved.class, Streams.FOR_EVER);
      last = reply.payload().id();
      return connection.files().writable(reply.payload());
    });
  }

  @Override
  public void shrink(long sizeBytes) {
    connection.call(new BlobRequest.Shrink(last, sizeBytes), Reply.Done.class);
  }

  /// Nothing to do: the daemon does when the stream ends.
  @Override
  public void handOver(boolean patient) {}

  /// Nothing to do: the daemon does when the connection ends.
  @Override
  public void close() {}
}
