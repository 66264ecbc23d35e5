package dev.vinery.protocol;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The bytes of blobs, compressed for one request.
///
/// All blobs of a request make one zstd frame that is never ended. It is flushed at the end of each
/// blob, so that a receiver who has all chunks of a blob can decode it to the last byte, and cut
/// into *chunks*: eight bytes of length, little-endian, then that many bytes, from 1 to
/// [#MAX_CHUNK_BYTES]. Nothing tells the end of a blob: the receiver knows its size. Therefore no
/// chunk may follow the one that completes a blob, and none may hold bytes of two.
///
/// Confined to one thread. Memory: the chunk and what zstd keeps, some 1.5 MiB.
///
/// Source: the reference implementation's `src/common/compression/compressor.cc`.
public final class BlobCompressor implements AutoCloseable {
  /// Bytes of the longest chunk, without its length: receivers of the reference implementation have
  /// no more room and do not check it.
  public static final int MAX_CHUNK_BYTES = 131_591;

  /// Bytes of the length in front of a chunk.
  public static final int HEADER_BYTES = Long.BYTES;

  /// The level of zstd. Every level can be received by everybody. The reference implementation
  /// takes 3, which compresses hardly better, is half as fast on what can be compressed, and
  /// struggles a long time with floating point numbers that cannot: 0.6 GB/s against 5.
  static final int LEVEL = -1;

  /// Bytes of a blob that are handed to zstd at once.
  private static final long PIECE_BYTES = 1L << 20;

  private final Arena arena = Arena.ofConfined();
  private final ByteBuffer chunk =
      arena.allocate(HEADER_BYTES + MAX_CHUNK_BYTES).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  private final ZstdCompressCtx context =
      new ZstdCompressCtx().setLevel(LEVEL).setContentSize(false).setChecksum(false);

  /// Where chunks go.
  @FunctionalInterface
  public interface Sink {
    /// Takes a chunk, with its length in front, to the last byte. The buffer is used again
    /// afterwards.
    void write(ByteBuffer chunk) throws IOException;
  }

  public BlobCompressor() {
    chunk.position(HEADER_BYTES);
  }

  /// Compresses the next blob, all of it. An empty one makes no chunk.
  ///
  /// @param blob native memory
  /// @throws IOException if the sink does; the request cannot go on then
  public void compress(MemorySegment blob, Sink sink) throws IOException {
    long sizeBytes = blob.byteSize();
    for (long from = 0; from < sizeBytes; from += PIECE_BYTES) {
      long some = Math.min(PIECE_BYTES, sizeBytes - from);
      compress(blob.asSlice(from, some).asByteBuffer(), from + some == sizeBytes, sink);
    }
  }

  /// Compresses the next piece of a blob, all of it.
  ///
  /// @param piece a direct buffer, not empty
  /// @param last whether it completes the blob
  /// @throws IOException if the sink does; the request cannot go on then
  public void compress(ByteBuffer piece, boolean last, Sink sink) throws IOException {
    if (last) {
      boolean flushed;
      do {
        flushed = step(piece, EndDirective.FLUSH);
        writeIf(flushed || !chunk.hasRemaining(), sink);
      } while (!flushed);
    } else {
      while (piece.hasRemaining()) {
        step(piece, EndDirective.CONTINUE);
        writeIf(!chunk.hasRemaining(), sink);
      }
    }
  }

  private boolean step(ByteBuffer piece, EndDirective directive) {
    return context.compressDirectByteBufferStream(chunk, piece, directive);
  }

  private void writeIf(boolean due, Sink sink) throws IOException {
    int length = chunk.position() - HEADER_BYTES;
    if (due && length > 0) {
      chunk.putLong(0, length).flip();
      sink.write(chunk);
      chunk.clear().position(HEADER_BYTES);
    }
  }

  @Override
  public void close() {
    context.close();
    arena.close();
  }
}
