package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SessionRequest.StoreType;
import java.nio.file.Path;
import java.util.Map;

/// What tests do with sessions.
final class Sessions {
  private Sessions() {}

  /// Opens a session and returns its socket.
  static Path open(TestClient client, StoreType type) {
    return client.wire().call(new SessionRequest.Open(type), SessionReply.Opened.class).socket();
  }

  /// The number of the session that a client is in.
  static long idOf(TestClient client) {
    return client.wire().register().whole("session_id");
  }

  /// Moves a normal blob into the session of a client, which has normal blobs too.
  static void move(TestClient target, long sourceSession, ObjectId source, ObjectId id) {
    target.done(
        new SessionRequest.MoveBuffers(
            sourceSession, Map.of(source, id), Map.of(), Map.of(), Map.of()));
  }
}
