package dev.vinery.types;

import dev.vinery.client.StreamReader;
import dev.vinery.client.VineryObject;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the bytes of a [ByteStream], whatever its chunks. Confined to one thread.
///
/// Each method that reads waits until there are bytes or the stream ends, and throws
///
/// - [StreamFailedException] if the stream ended too early, with the reason, when all that was
///   written before has been read;
/// - [dev.vinery.protocol.StoreException] if a chunk is an object and no blob, or was deleted.
public final class ByteStreamReader extends InputStream {
  private final StreamReader stream;
  private @Nullable VineryObject chunk;
  private MemorySegment bytes = MemorySegment.NULL;
  private long readBytes;

  /// @param stream closed with this reader
  ByteStreamReader(StreamReader stream) {
    this.stream = stream;
  }

  @Override
  public int read() {
    return hasMore() ? Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, readBytes++)) : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (!hasMore()) {
      return -1;
    }
    int part = (int) Math.min(length, bytes.byteSize() - readBytes);
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, readBytes, into, offset, part);
    readBytes += part;
    return part;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, bytes.byteSize() - readBytes);
  }

  /// Goes on to the next chunk that has bytes, if this one has no more.
  private boolean hasMore() {
    while (readBytes == bytes.byteSize()) {
      letGo();
      VineryObject next = stream.next().orElse(null);
      if (next == null) {
        return false;
      }
      chunk = next;
      bytes = next.segment();
    }
    return true;
  }

  private void letGo() {
    bytes = MemorySegment.NULL;
    readBytes = 0;
    if (chunk != null) {
      chunk.close();
      chunk = null;
    }
  }

  /// Leaves the stream. Another reader begins with the chunk that this one was in. Closing twice is
  /// fine.
  @Override
  public void close() {
    letGo();
    stream.close();
  }

  @Override
  public String toString() {
    return "ByteStreamReader[" + stream.id() + "]";
  }
}
