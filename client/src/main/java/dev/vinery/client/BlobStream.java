package dev.vinery.client;

import dev.vinery.posix.PosixException;
import dev.vinery.protocol.BlobCompressor;
import dev.vinery.protocol.BlobDecompressor;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/// The bytes of the blobs of one request, back to back on a socket, compressed or not. Confined to
/// one thread.
///
/// The time-out is for each piece of some megabytes, since nobody can tell how long all of them may
/// take.
final class BlobStream {
  /// Bytes between two reports, and those that are compressed at a time.
  private static final long PIECE_BYTES = 4 << 20;

  private final FrameSocket socket;
  private final Duration timeout;
  private final TransferListener listener;
  private final long totalBytes;
  private long doneBytes;
  private long reportedBytes;

  private BlobStream(FrameSocket socket, ConnectOptions options, List<MemorySegment> blobs) {
    this.socket = socket;
    this.timeout = options.timeout();
    this.listener = options.transfers();
    this.totalBytes = blobs.stream().mapToLong(MemorySegment::byteSize).sum();
  }

  /// @param blobs native memory
  static void send(
      FrameSocket socket, ConnectOptions options, List<MemorySegment> blobs, boolean compressed)
      throws PosixException, InterruptedException, TimeoutException, EOFException {
    var stream = new BlobStream(socket, options, blobs);
    if (compressed) {
      stream.sendCompressed(blobs);
    } else {
      for (MemorySegment blob : blobs) {
        stream.send(blob, stream::done);
      }
    }
  }

  /// @param blobs writable native memory
  /// @throws dev.vinery.protocol.ProtocolException if what comes is not compressed as it should be
  static void receive(
      FrameSocket socket, ConnectOptions options, List<MemorySegment> blobs, boolean compressed)
      throws PosixException, InterruptedException, TimeoutException, EOFException {
    var stream = new BlobStream(socket, options, blobs);
    if (compressed) {
      stream.receiveCompressed(blobs);
    } else {
      for (MemorySegment blob : blobs) {
        stream.receive(blob, stream::done);
      }
    }
  }

  /// @param progress is told of every count of bytes that has left
  private void send(MemorySegment bytes, LongConsumer progress)
      throws PosixException, InterruptedException, TimeoutException {
    long sent = 0;
    while (sent < bytes.byteSize()) {
      int count = socket.send(bytes, sent, bytes.byteSize() - sent, deadlineNanos());
      sent += count;
      progress.accept(count);
    }
  }

  /// @param progress is told of every count of bytes that has come
  private void receive(MemorySegment bytes, LongConsumer progress)
      throws PosixException, InterruptedException, TimeoutException, EOFException {
    long received = 0;
    while (received < bytes.byteSize()) {
      int count = socket.receive(bytes, received, bytes.byteSize() - received, deadlineNanos());
      received += count;
      progress.accept(count);
    }
  }

  private void sendCompressed(List<MemorySegment> blobs)
      throws PosixException, InterruptedException, TimeoutException {
    try (var compressor = new BlobCompressor()) {
      for (MemorySegment blob : blobs) {
        for (long from = 0; from < blob.byteSize(); from += PIECE_BYTES) {
          long length = Math.min(PIECE_BYTES, blob.byteSize() - from);
          compressor.compress(blob.asSlice(from, length), this::sendChunk);
          done(length);
        }
      }
    } catch (Broken e) {
      e.rethrow();
    } catch (IOException impossible) {
      throw new AssertionError("nothing else throws here", impossible);
    }
  }

  private void sendChunk(ByteBuffer chunk) throws Broken {
    try {
      send(MemorySegment.ofBuffer(chunk), _ -> {}); // counted as the bytes it stands for
    } catch (PosixException | InterruptedException | TimeoutException e) {
      throw new Broken(e);
    }
  }

  private void receiveCompressed(List<MemorySegment> blobs)
      throws PosixException, InterruptedException, TimeoutException, EOFException {
    try (var decompressor = new BlobDecompressor()) {
      for (MemorySegment blob : blobs) {
        decompressor.decompress(this::receiveChunk, blob);
        done(blob.byteSize());
      }
    } catch (Broken e) {
      e.rethrow();
    } catch (EOFException e) {
      throw e;
    } catch (IOException impossible) {
      throw new AssertionError("nothing else throws here", impossible);
    }
  }

  private void receiveChunk(ByteBuffer into) throws IOException {
    try {
      receive(MemorySegment.ofBuffer(into), _ -> {}); // counted as the bytes it stands for
      into.position(into.limit());
    } catch (PosixException | InterruptedException | TimeoutException e) {
      throw new Broken(e);
    }
  }

  private void done(long count) {
    doneBytes += count;
    if (doneBytes - reportedBytes >= PIECE_BYTES || doneBytes == totalBytes) {
      reportedBytes = doneBytes;
      listener.transferred(doneBytes, totalBytes);
    }
  }

  private long deadlineNanos() {
    return Connection.deadlineNanos(timeout);
  }

  /// Carries what a socket throws through code that knows `IOException` only.
  private static final class Broken extends IOException {
    private static final long serialVersionUID = 1L;

    private Broken(Exception cause) {
      super(cause);
    }

    private void rethrow() throws PosixException, InterruptedException, TimeoutException {
      switch (Objects.requireNonNull(getCause(), "a cause is given")) {
        case PosixException e -> throw e;
        case InterruptedException e -> throw e;
        case TimeoutException e -> throw e;
        default -> throw new AssertionError("nothing else is carried", this);
      }
    }
  }
}
