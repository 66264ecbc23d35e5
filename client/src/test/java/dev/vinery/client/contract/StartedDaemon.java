package dev.vinery.client.contract;

import java.nio.file.Path;

/// A daemon that was started for a test, which ends it by closing it.
public interface StartedDaemon extends AutoCloseable {
  /// Where it listens for processes of this host.
  Path socket();

  /// Its TCP port on this host.
  int port();

  /// Whether it does as ours does. If not, the tests want what the promise's doc says of others.
  boolean keeps(Promise promise);

  @Override
  void close();

  /// Starts daemons of one kind.
  interface Kind {
    /// Starts a daemon that serves its clients when this returns.
    ///
    /// @param socket where it is to listen, in a directory of its own
    /// @param memoryBytes what clients may store
    StartedDaemon start(Path socket, long memoryBytes) throws Exception;
  }
}
