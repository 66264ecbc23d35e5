package dev.vinery.server;

import dev.vinery.metadata.MetadataStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

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
/// @param hugePages whether memory is made of huge pages where the kernel gives them
/// @param compression whether clients are told that blobs may travel compressed
/// @param rpcPort where it listens for other hosts, on TCP; 0 is any port that is free, absent none
/// @param streams how streams are kept
/// @param sharedMetadata where persistent metadata is kept for all daemons of a cluster; absent,
///   the daemon keeps it for itself. The daemon closes it
public record DaemonOptions(
    Path socket,
    int socketMode,
    long memoryLimitBytes,
    String hostname,
    String nodename,
    String deployment,
    String metadataPrefix,
    boolean reserve,
    boolean hugePages,
    boolean compression,
    OptionalInt rpcPort,
    StreamOptions streams,
    Optional<MetadataStore> sharedMetadata) {
  /// The largest TCP port.
  public static final int MAX_PORT = 65_535;

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
    if (rpcPort.isPresent() && (rpcPort.getAsInt() < 0 || rpcPort.getAsInt() > MAX_PORT)) {
      throw new IllegalArgumentException(
          "a TCP port must be from 0 to %d, not %d".formatted(MAX_PORT, rpcPort.getAsInt()));
    }
  }

  /// The defaults for a daemon on this socket with this much memory, for this host only.
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
        true,
        OptionalInt.empty(),
        StreamOptions.DEFAULT,
        Optional.empty());
  }

  /// The same with another TCP port, or none.
  public DaemonOptions withRpcPort(OptionalInt port) {
    return new DaemonOptions(
        socket,
        socketMode,
        memoryLimitBytes,
        hostname,
        nodename,
        deployment,
        metadataPrefix,
        reserve,
        hugePages,
        compression,
        port,
        streams,
        sharedMetadata);
  }

  /// The same with other bounds of streams.
  public DaemonOptions withStreams(StreamOptions streams) {
    return new DaemonOptions(
        socket,
        socketMode,
        memoryLimitBytes,
        hostname,
        nodename,
        deployment,
        metadataPrefix,
        reserve,
        hugePages,
        compression,
        rpcPort,
        streams,
        sharedMetadata);
  }

  /// The same for a daemon that joins all others with the same store and prefix.
  ///
  /// @param shared belongs to the daemon from when it is started, and is closed with it
  /// @param prefix begins every key, without a slash at its end; upstream's is `vineyard`
  public DaemonOptions withMetadata(MetadataStore shared, String prefix) {
    return new DaemonOptions(
        socket,
        socketMode,
        memoryLimitBytes,
        hostname,
        nodename,
        deployment,
        prefix,
        reserve,
        hugePages,
        compression,
        rpcPort,
        streams,
        Optional.of(shared));
  }
}
