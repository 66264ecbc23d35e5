package dev.vinery.metadata;

import dev.vinery.protocol.MetadataException;

/// A promise to stay alive, to which keys are attached: they are deleted, in one revision, when the
/// lease is revoked or was not kept alive in time. Safe for use by several threads.
public interface Lease {
  /// Names the lease within its store; positive.
  long id();

  /// Starts the lease's time anew. The owner calls this well before the time is over.
  ///
  /// @throws MetadataException if the lease has ended, or the back end cannot be reached
  void keepAlive();

  /// Ends the lease. Nothing happens if it has ended already.
  ///
  /// @throws MetadataException if the back end cannot be reached
  void revoke();
}
