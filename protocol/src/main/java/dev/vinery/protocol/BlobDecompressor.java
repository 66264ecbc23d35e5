package dev.vinery.protocol;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The inverse of [BlobCompressor], for one request. Believes nothing that it is sent.
///
/// Takes chunks until a blob is complete, and none beyond. Confined to one thread. Memory: a chunk
/// and what zstd keeps, at most some 9 MiB, most of it only if the sender asks for it.
public final class BlobDecompressor implements AutoCloseable {
  /// Bytes that a sender may refer back by, as a power of two. The reference implementation's
  /// clients need 2^21; the default of zstd, 2^27, is memory that a stranger could make us take.
  private static final int MAX_WINDOW_LOG = 23;

  /// Bytes of a blob that are filled at once: a buffer has no more than 2 GiB.
  private static final long PIECE_BYTES = 1L << 30;

  private final Arena arena = Arena.ofConfined();
  private final ByteBuffer header =
      arena.allocate(BlobCompressor.HEADER_BYTES).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer chunk = arena.allocate(BlobCompressor.MAX_CHUNK_BYTES).asByteBuffer();
  private final ByteBuffer excess = arena.allocate(1).asByteBuffer();
  private final ZstdDecompressCtx context = new ZstdDecompressCtx().setLongMax(MAX_WINDOW_LOG);

  /// Where chunks come from.
  @FunctionalInterface
  public interface Source {
    /// Fills a buffer from its position to its limit.
    ///
    /// @throws IOException if the bytes end before
    void read(ByteBuffer into) throws IOException;
  }

  public BlobDecompressor() {
    chunk.limit(0);
  }

  /// Fills the next blob, all of it. An empty one takes no chunk.
  ///
  /// @param blob native memory; what is in it if this fails is unspecified
  /// @throws ProtocolException if the chunks are not those of a blob of this size; there is no
  ///   telling then where the next message begins
  /// @throws IOException if the source does
  public void decompress(Source source, MemorySegment blob) throws IOException {
    long sizeBytes = blob.byteSize();
    for (long from = 0; from < sizeBytes; from += PIECE_BYTES) {
      ByteBuffer piece = blob.asSlice(from, Math.min(PIECE_BYTES, sizeBytes - from)).asByteBuffer();
      step(piece); // what zstd still keeps of the chunk before
      while (piece.hasRemaining()) {
        if (!chunk.hasRemaining()) {
          take(source);
        }
        step(piece);
      }
    }
    if (sizeBytes > 0) {
      checkNothingIsLeft();
    }
  }

  private void take(Source source) throws IOException {
    source.read(header.clear());
    long length = header.getLong(0);
    if (length < 1 || length > BlobCompressor.MAX_CHUNK_BYTES) {
      throw new ProtocolException(
          "a compressed chunk must have from 1 to %d bytes, not %s"
              .formatted(BlobCompressor.MAX_CHUNK_BYTES, Long.toUnsignedString(length)));
    }
    source.read(chunk.clear().limit((int) length));
    chunk.flip();
  }

  private void step(ByteBuffer piece) {
    try {
      context.decompressDirectByteBufferStream(piece, chunk);
    } catch (ZstdException e) {
      throw new ProtocolException("a compressed chunk is damaged: " + e.getMessage());
    }
  }

  /// The chunk may end with the mark of a frame's end, say, but not with more bytes.
  private void checkNothingIsLeft() {
    excess.clear();
    do {
      step(excess);
    } while (chunk.hasRemaining() && excess.hasRemaining());
    if (!excess.hasRemaining()) {
      throw new ProtocolException("a compressed chunk holds more bytes than are left of its blob");
    }
  }

  @Override
  public void close() {
    context.close();
    arena.close();
  }
}
