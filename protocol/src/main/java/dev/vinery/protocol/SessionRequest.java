package dev.vinery.protocol;

import java.util.Map;
import java.util.Set;

/// Requests about connections and sessions.
public sealed interface SessionRequest extends Request {
  /// Which kind of blobs a session holds.
  enum StoreType {
    /// Blobs with ids of the daemon's, and objects made of them.
    NORMAL(1),
    /// Blobs with ids of the client's, freed when nobody holds them.
    PLASMA(2);

    private final int code;

    StoreType(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    static StoreType of(long code) {
      return code == PLASMA.code ? PLASMA : NORMAL;
    }
  }

  /// `register_request`: the first request of every connection.
  ///
  /// @param version the client's, which the daemon does not judge
  /// @param sessionId which session a connection over TCP wants; 0 is the root session
  /// @param extensions what the client can do; official ones name none
  record Register(
      String version,
      StoreType storeType,
      long sessionId,
      String username,
      String password,
      Set<Extension> extensions)
      implements SessionRequest {
    public Register {
      extensions = Set.copyOf(extensions);
    }

    /// As official clients register.
    public Register(
        String version, StoreType storeType, long sessionId, String username, String password) {
      this(version, storeType, sessionId, username, password, Set.of());
    }

    /// Leaves out the password.
    @Override
    public String toString() {
      return "Register[version=" + version + ", storeType=" + storeType + "]";
    }
  }

  /// `vinery_index_request`: let me read in the index of the session. Only for a client that was
  /// told at its registration that it may ask.
  record Index() implements SessionRequest {}

  /// `exit_request`: the client leaves; there is no reply.
  record Exit() implements SessionRequest {}

  /// `new_session_request`: make a namespace with a socket of its own.
  record Open(StoreType storeType) implements SessionRequest {}

  /// `delete_session_request`: end the session of this connection when its last client has left.
  record Delete() implements SessionRequest {}

  /// `move_buffers_ownership_request`: take over blobs of another session without a copy. Which of
  /// the maps, from source to target, counts follows from the kinds of the two sessions.
  record MoveBuffers(
      long sourceSessionId,
      Map<ObjectId, ObjectId> idToId,
      Map<ObjectId, String> idToPlasma,
      Map<String, ObjectId> plasmaToId,
      Map<String, String> plasmaToPlasma)
      implements SessionRequest {
    public MoveBuffers {
      idToId = Map.copyOf(idToId);
      idToPlasma = Map.copyOf(idToPlasma);
      plasmaToId = Map.copyOf(plasmaToId);
      plasmaToPlasma = Map.copyOf(plasmaToPlasma);
    }
  }
}
