package dev.vinery.protocol;

/// The envelope of every message: eight bytes of length, little-endian, then that many bytes of
/// JSON text in UTF-8.
public final class Frame {
  /// Bytes of the length in front of a message.
  public static final int HEADER_BYTES = 8;

  /// Bytes of the largest request; a peer that announces more is disconnected.
  public static final int MAX_REQUEST_BYTES = 256 << 20;

  /// Bytes of the largest reply that our client takes.
  public static final int MAX_REPLY_BYTES = 1 << 30;

  private Frame() {}
}
