package dev.vinery.types;

import dev.vinery.client.StreamWriter;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// Writes bytes to a [ByteStream], straight into chunks in memory shared with the daemon. A chunk
/// goes to the reader when the next one begins, or at the end. Confined to one thread.
///
/// It ends by [#finish()] or [#fail(String)]. If it is closed before, the stream fails, so that no
/// reader takes a part for the whole.
///
/// Each method that writes waits while the chunks that nobody has read fill the daemon's memory up
/// to its threshold, and throws
///
/// - [StreamFailedException] if the stream was dropped meanwhile;
/// - [dev.vinery.protocol.StoreFullException] if a chunk can never fit;
/// - [IllegalStateException] if the writer has ended.
public final class ByteStreamWriter extends OutputStream {
  /// Length of a chunk, in bytes, if nothing else is said.
  public static final long DEFAULT_CHUNK_BYTES = 1 << 20;

  private final StreamWriter stream;
  private final long chunkBytes;
  private MemorySegment chunk = MemorySegment.NULL;
  private long filledBytes;

  /// @param stream closed with this writer
  ByteStreamWriter(StreamWriter stream, long chunkBytes) {
    this.stream = stream;
    this.chunkBytes = chunkBytes;
    if (chunkBytes < 1) {
      stream.close();
      throw new IllegalArgumentException("a chunk must have at least 1 byte, not " + chunkBytes);
    }
  }

  @Override
  public void write(int value) {
    makeRoom();
    chunk.set(ValueLayout.JAVA_BYTE, filledBytes++, (byte) value);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    write(MemorySegment.ofArray(bytes).asSlice(offset, length));
  }

  /// Writes a copy of these bytes.
  public void write(MemorySegment bytes) {
    long done = 0;
    while (done < bytes.byteSize()) {
      makeRoom();
      long part = Math.min(bytes.byteSize() - done, chunkBytes - filledBytes);
      MemorySegment.copy(bytes, done, chunk, filledBytes, part);
      filledBytes += part;
      done += part;
    }
  }

  private void makeRoom() {
    if (filledBytes == chunk.byteSize()) {
      chunk = stream.next(chunkBytes);
      filledBytes = 0;
    }
  }

  /// Ends the stream: what was written is all.
  public void finish() {
    shrink();
    stream.finish();
  }

  /// Ends the stream too early. The reader gets what was written, and then the reason.
  ///
  /// @param reason for people; official daemons drop it
  public void fail(String reason) {
    shrink();
    stream.fail(reason);
  }

  private void shrink() {
    if (filledBytes < chunk.byteSize()) {
      stream.shrink(filledBytes);
    }
  }

  /// Fails the stream if it was neither finished nor failed. Closing twice is fine.
  @Override
  public void close() {
    stream.close();
  }

  @Override
  public String toString() {
    return "ByteStreamWriter[" + stream.id() + "]";
  }
}
