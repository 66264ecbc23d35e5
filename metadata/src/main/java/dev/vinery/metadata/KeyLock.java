package dev.vinery.metadata;

import dev.vinery.protocol.MetadataException;

/// A lock that is held, until it is closed or its lease ends. Safe for use by several threads.
public interface KeyLock extends AutoCloseable {
  /// The key that stands for the hold: the locked key, `/`, and the lease's id in hexadecimal.
  ///
  /// While this key is bound, nobody else has the lock.
  String key();

  /// Releases the lock. Nothing happens if it was released or lost already.
  ///
  /// @throws MetadataException if the back end cannot be reached; the lock is then released when
  ///   the lease ends
  @Override
  void close();
}
