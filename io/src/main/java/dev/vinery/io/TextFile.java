package dev.vinery.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/// A file of text, as bytes of UTF-8. Immutable.
///
/// @param compression of the file
/// @param charset of what is compressed
record TextFile(Place place, StoredFile file, Compression compression, Charset charset) {
  String name() {
    return file.name();
  }

  /// Whether it can be read from anywhere, because what is read are the bytes of the file.
  boolean isPlain() {
    return file.seekable()
        && file.sizeBytes() >= 0
        && compression == Compression.NONE
        && charset.equals(StandardCharsets.UTF_8);
  }

  /// Opens the text.
  ///
  /// @param offset where reading begins, in bytes of the text
  /// @param bytesRead is told how many bytes of the file were read
  InputStream open(long offset, LongConsumer bytesRead) throws IOException {
    if (isPlain()) {
      return new CountedStream(place.read(file, offset), bytesRead);
    }
    InputStream expanded = compression.expand(new CountedStream(place.read(file, 0), bytesRead));
    InputStream text =
        charset.equals(StandardCharsets.UTF_8) ? expanded : new Utf8Stream(expanded, charset);
    try {
      text.skipNBytes(offset);
    } catch (EOFException end) {
      // There is nothing from there on: the last row may lack its line feed.
    }
    return text;
  }

  /// The number of the line, from 1, that holds a byte of the text. Reads the text up to there.
  long line(long offset) throws IOException {
    try (InputStream text = open(0, _ -> {})) {
      byte[] bytes = new byte[TextBlocks.BLOCK_BYTES + TextBlock.SLACK_BYTES];
      long line = 1;
      long left = offset;
      while (left > 0) {
        int count = text.readNBytes(bytes, 0, (int) Math.min(left, TextBlocks.BLOCK_BYTES));
        if (count == 0) {
          break;
        }
        line += ByteSearch.count(bytes, 0, count, (byte) '\n');
        left -= count;
      }
      return line;
    }
  }
}
