package dev.vinery.io;

import java.util.Arrays;

/// Whole rows of a text, as bytes. Confined to one thread; used again and again.
final class TextBlock {
  /// Bytes that may be read behind the text, and mean nothing: readers take eight at a time.
  static final int SLACK_BYTES = 8;

  private byte[] bytes = new byte[0];
  private int length;
  private long offset;

  /// The text, from the first byte to [#length()], and at least [#SLACK_BYTES] more.
  byte[] bytes() {
    return bytes;
  }

  /// Length of the text, in bytes.
  int length() {
    return length;
  }

  /// Where the text begins in the whole one, in bytes.
  long offset() {
    return offset;
  }

  /// Makes room for so many bytes of text. What is there stays.
  void ensure(int capacity) {
    if (bytes.length < capacity + SLACK_BYTES) {
      bytes = Arrays.copyOf(bytes, capacity + SLACK_BYTES);
    }
  }

  void be(long newOffset, int newLength) {
    offset = newOffset;
    length = newLength;
  }
}
