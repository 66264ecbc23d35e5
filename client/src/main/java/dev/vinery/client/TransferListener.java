package dev.vinery.client;

/// Is told how far the bytes of blobs have come over TCP.
@FunctionalInterface
public interface TransferListener {
  /// Some more bytes have been sent or received. Called in the thread that waits for the transfer,
  /// every few megabytes and at the end; it must be quick and not use the client.
  ///
  /// @param doneBytes how many of this transfer, before compression
  /// @param totalBytes how many there will be
  void transferred(long doneBytes, long totalBytes);
}
