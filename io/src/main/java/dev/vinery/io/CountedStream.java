package dev.vinery.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/// Tells somebody how many bytes are read. Confined to one thread.
final class CountedStream extends FilterInputStream {
  private final LongConsumer bytes;

  CountedStream(InputStream in, LongConsumer bytes) {
    super(in);
    this.bytes = bytes;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    if (value >= 0) {
      bytes.accept(1);
    }
    return value;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = super.read(into, offset, length);
    if (count > 0) {
      bytes.accept(count);
    }
    return count;
  }
}
