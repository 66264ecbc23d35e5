package dev.vinery.server;

import java.util.Arrays;

/// The body of the frame that is read at the moment.
///
/// The length that a peer announces reserves nothing: memory grows with the bytes that have come.
/// Confined to one connection.
final class FrameBody {
  private final int firstBytes;
  private final int keptBytes;
  private byte[] bytes;
  private int count;

  /// @param firstBytes memory to begin with
  /// @param keptBytes memory above which it is not kept for the next body
  FrameBody(int firstBytes, int keptBytes) {
    this.firstBytes = firstBytes;
    this.keptBytes = keptBytes;
    this.bytes = new byte[firstBytes];
  }

  /// Begins the next body.
  void begin() {
    count = 0;
    if (bytes.length > keptBytes) {
      bytes = new byte[firstBytes];
    }
  }

  /// How many bytes have come.
  int count() {
    return count;
  }

  /// Counts bytes that the caller puts at the index returned.
  ///
  /// @param some how many
  /// @param length of the whole body
  int append(int some, long length) {
    int from = count;
    count += some;
    if (count > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(length, Math.max(2L * bytes.length, count)));
    }
    return from;
  }

  /// The bytes, in memory that may be longer than the body; another array after [#append].
  byte[] bytes() {
    return bytes;
  }
}
