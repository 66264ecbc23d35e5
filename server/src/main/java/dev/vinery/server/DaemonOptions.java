package dev.vinery.server;

import java.nio.file.Path;

/// How a daemon is run. Immutable.
///
/// @param socket where it listens for processes of this host
/// @param socketMode permission bits of the socket's file; who may connect may read and write
/// @param memoryLimitBytes how many bytes clients may ask for altogether
/// @param hostname how peers call this host
/// @param nodename how the cluster calls this host
/// @param deployment `local` or `distributed`, told and not used
/// @param metadataPrefix begins every key in the metadata store
/// @param reserve whether all memory is made present at start
/// @param compression whether clients are told that blobs may travel compressed
/// @param streams how streams are kept
public record DaemonOptions(
    Path socket,
    int socketMode,
    long memoryLimitBytes,
    String hostname,
    String nodename,
    String deployment,
    String metadataPrefix,
    boolean reserve,
    boolean compression,
    StreamOptions streams) {
  /// Everybody on the host, as upstream.
  public static final int DEFAULT_SOCKET_MODE = 0777;

  public DaemonOptions {
    if (memoryLimitBytes <= 0 || memoryLimitBytes > MemoryPool.MAX_LIMIT_BYTES) {
      throw new IllegalArgumentException(
          "the memory limit must be from 1 to %d bytes, not %d"
              .formatted(MemoryPool.MAX_LIMIT_BYTES, memoryLimitBytes));
    }
    if ((socketMode & ~0777) != 0) {
      throw new IllegalArgumentException(
          "the socket's mode must be from 000 to 777, not " + Integer.toOctalString(socketMode));
    }
  }

  /// The defaults for a daemon on this socket with this much memory.
  public static DaemonOptions of(Path socket, long memoryLimitBytes) {
    return new DaemonOptions(
        socket,
        DEFAULT_SOCKET_MODE,
        memoryLimitBytes,
        "localhost",
        "localhost",
        "local",
        "vineyard",
        false,
        true,
        StreamOptions.DEFAULT);
  }
}
