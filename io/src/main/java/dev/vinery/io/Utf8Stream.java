package dev.vinery.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

/// Text of any encoding, as bytes of UTF-8. Confined to one thread.
final class Utf8Stream extends InputStream {
  private static final int BUFFER_CHARS = 16 << 10;

  private final Reader text;
  private final Charset charset;
  private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
  private final CharBuffer characters = CharBuffer.allocate(BUFFER_CHARS).flip();
  private final ByteBuffer bytes = ByteBuffer.allocate(4 * BUFFER_CHARS).flip();
  private boolean atEnd;

  /// @param in closed with this
  Utf8Stream(InputStream in, Charset charset) {
    this.text = new InputStreamReader(in, charset.newDecoder());
    this.charset = charset;
  }

  @Override
  public int read() throws IOException {
    return hasMore() ? Byte.toUnsignedInt(bytes.get()) : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!hasMore()) {
      return -1;
    }
    int part = Math.min(length, bytes.remaining());
    bytes.get(into, offset, part);
    return part;
  }

  private boolean hasMore() throws IOException {
    while (!bytes.hasRemaining() && !atEnd) {
      characters.compact();
      try {
        atEnd = text.read(characters) < 0;
      } catch (CharacterCodingException e) {
        throw new IOException("it is not text in " + charset, e);
      }
      characters.flip();
      bytes.clear();
      encoder.encode(characters, bytes, atEnd);
      bytes.flip();
    }
    return bytes.hasRemaining();
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
