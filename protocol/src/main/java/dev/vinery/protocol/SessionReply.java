package dev.vinery.protocol;

import java.nio.file.Path;

/// Replies about connections and sessions.
public sealed interface SessionReply extends Reply {
  /// `register_reply`: the connection may be used.
  ///
  /// @param version the daemon's, `major.minor.patch`
  /// @param ipcSocket path of the session's socket, or `-`
  /// @param rpcEndpoint `host:port`, or `0.0.0.0:0` if there is none
  /// @param storeMatch whether the session holds the kind of blobs that the client asked for
  /// @param compression whether blobs may travel compressed over TCP
  record Registered(
      String version,
      String ipcSocket,
      String rpcEndpoint,
      long instanceId,
      long sessionId,
      boolean storeMatch,
      boolean compression)
      implements SessionReply {}

  /// `new_session_reply`: the new session listens at this path.
  record Opened(Path socket) implements SessionReply {}
}
