package dev.vinery.protocol;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Replies about connections and sessions.
public sealed interface SessionReply extends Reply {
  /// `register_reply`: the connection may be used.
  ///
  /// @param version the daemon's, `major.minor.patch`
  /// @param ipcSocket path of the session's socket, or `-`
  /// @param rpcEndpoint `host:port`, or `0.0.0.0:0` if there is none
  /// @param storeMatch whether the session holds the kind of blobs that the client asked for
  /// @param compression whether blobs may travel compressed over TCP
  /// @param extensions what the client may do, of what it can
  record Registered(
      String version,
      String ipcSocket,
      String rpcEndpoint,
      long instanceId,
      long sessionId,
      boolean storeMatch,
      boolean compression,
      Set<Extension> extensions)
      implements SessionReply {
    public Registered {
      extensions = Set.copyOf(extensions);
    }

    /// What official clients are told.
    public Registered(
        String version,
        String ipcSocket,
        String rpcEndpoint,
        long instanceId,
        long sessionId,
        boolean storeMatch,
        boolean compression) {
      this(
          version,
          ipcSocket,
          rpcEndpoint,
          instanceId,
          sessionId,
          storeMatch,
          compression,
          Set.of());
    }
  }

  /// `vinery_index_reply`: three memory files, each as a whole.
  ///
  /// @param index a [SharedIndex], to be read
  /// @param pins a [PinTable], to be read and written
  /// @param pool where the blobs lie that the index knows, to be read
  record Index(Payload index, Payload pins, Payload pool, List<Integer> descriptors)
      implements SessionReply {
    public Index {
      descriptors = List.copyOf(descriptors);
    }
  }

  /// `new_session_reply`: the new session listens at this path.
  record Opened(Path socket) implements SessionReply {}
}
