package dev.vinery.server;

import dev.vinery.posix.PosixException;
import dev.vinery.protocol.Extension;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Connections and sessions. Answers [SessionRequest]s.
///
/// Takes the store lock itself, because opening a session makes a socket.
final class SessionHandler {
  /// Sessions that one daemon serves at a time.
  static final int MAX_SESSIONS = 1024;

  /// The version of the official client that this daemon is tested with.
  static final String PROTOCOL_VERSION = "0.24.2";

  private final Store store;
  private final Daemon daemon;

  SessionHandler(Store store, Daemon daemon) {
    this.store = store;
    this.daemon = daemon;
  }

  Reply handle(SessionRequest request, Peer peer) {
    return switch (request) {
      case SessionRequest.Register register -> register(register, peer);
      case SessionRequest.Index() -> index(peer);
      case SessionRequest.Open(var type) -> open(type);
      case SessionRequest.Delete() -> delete(peer);
      case SessionRequest.MoveBuffers move -> move(move, peer.session());
      case SessionRequest.Exit() -> throw new AssertionError("answered by the connection");
    };
  }

  private Reply register(SessionRequest.Register register, Peer peer) {
    if (peer.remote()) {
      enter(register.sessionId(), peer);
    }
    Session session = peer.session();
    peer.register();
    return new SessionReply.Registered(
        PROTOCOL_VERSION,
        session.socket().toString(),
        session.id() == Session.ROOT
            ? store.registration().rpcEndpoint()
            : ClusterHandler.NO_ENDPOINT,
        store.instanceId(),
        session.id(),
        register.storeType() == session.type(),
        store.options().compression(),
        extensions(register.extensions(), peer));
  }

  /// What a client may do, of what it can: who shares memory with the daemon may make blobs in it.
  private Set<Extension> extensions(Set<Extension> known, Peer peer) {
    Set<Extension> allowed = EnumSet.noneOf(Extension.class);
    if (mayRead(peer)) {
      allowed.add(Extension.INDEX);
    }
    if (!peer.remote() && peer.session().type() == StoreType.NORMAL) {
      allowed.add(Extension.CALLS);
    }
    allowed.retainAll(known);
    return allowed;
  }

  /// Who shares memory with the daemon may read in the index of a session that has objects.
  private static boolean mayRead(Peer peer) {
    return !peer.remote() && peer.session().type() == StoreType.NORMAL;
  }

  private Reply index(Peer peer) {
    if (!mayRead(peer)) {
      throw new ProtocolException("there is no index for this connection");
    }
    IndexKeeper index = peer.session().blobs().index();
    SharedFile pins = null;
    SharedFile unused = null;
    try {
      pins = IndexKeeper.newPinFile();
      unused = IndexKeeper.newIndexFile();
      store.lock().lock();
      try {
        if (index.reads(peer)) {
          throw new ProtocolException("this connection reads in the index already");
        }
        if (!index.isOpen()) {
          index.open(unused);
          unused = null;
        }
        index.join(peer, pins);
        Region pinned = pins.region();
        pins = null;
        return introduce(index.region(), pinned, peer);
      } finally {
        store.lock().unlock();
      }
    } catch (PosixException e) {
      throw new StoreException(Status.IO_ERROR, "cannot share an index: " + e.getMessage());
    } finally {
      close(pins);
      close(unused);
    }
  }

  private Reply introduce(Region index, Region pins, Peer peer) {
    Region pool = store.pool().region();
    List<Integer> keys = new ArrayList<>();
    peer.introduce(index, false);
    keys.add(index.key(false));
    peer.introduce(pins, true);
    keys.add(pins.key(true));
    if (peer.introduce(pool, false)) {
      keys.add(pool.key(false));
    }
    return new SessionReply.Index(
        IndexKeeper.whole(index, false),
        IndexKeeper.whole(pins, true),
        IndexKeeper.whole(pool, false),
        keys);
  }

  private static void close(@Nullable SharedFile file) {
    if (file != null) {
      file.close();
    }
  }

  /// Brings a remote connection to the session that it asks for. Local ones come to a session by
  /// its socket, whatever they ask for.
  private void enter(long sessionId, Peer peer) {
    store.lock().lock();
    try {
      Session session = store.session(sessionId);
      if (session == null || session.ending()) {
        throw new ProtocolException("there is no session " + sessionId);
      }
      if (session != peer.session()) {
        if (peer.registered()) {
          throw new ProtocolException(
              "this connection belongs to session %d already".formatted(peer.session().id()));
        }
        session.takeOver(peer);
      }
    } finally {
      store.lock().unlock();
    }
  }

  private Reply open(StoreType type) {
    try {
      return new SessionReply.Opened(daemon.openSession(type).socket());
    } catch (IOException e) {
      throw new StoreException(Status.IO_ERROR, "cannot open a session: " + e.getMessage());
    }
  }

  private Reply delete(Peer peer) {
    if (peer.session().id() == Session.ROOT) {
      throw new ProtocolException("the root session ends with the daemon only");
    }
    daemon.endSession(peer.session());
    peer.leave();
    return Reply.Done.DELETE_SESSION;
  }

  private Reply move(SessionRequest.MoveBuffers move, Session target) {
    store.lock().lock();
    try {
      Session source = store.session(move.sourceSessionId());
      if (source == null) {
        throw new ProtocolException("there is no session " + move.sourceSessionId());
      }
      if (source != target) {
        boolean plasmaTarget = target.type() == StoreType.PLASMA;
        if (source.type() == StoreType.PLASMA) {
          Function<String, @Nullable Blob> from = source.plasma()::find;
          if (plasmaTarget) {
            lend(move.plasmaToPlasma(), from, intoPlasma(target));
          } else {
            lend(move.plasmaToId(), from, intoNormal(target));
          }
        } else {
          Function<ObjectId, @Nullable Blob> from = source.blobs()::find;
          if (plasmaTarget) {
            lend(move.idToPlasma(), from, intoPlasma(target));
          } else {
            lend(move.idToId(), from, intoNormal(target));
          }
        }
      }
      return Reply.Done.MOVE_BUFFERS;
    } finally {
      store.lock().unlock();
    }
  }

  /// Lends every blob that is there and sealed; others are skipped.
  private static <S, T> void lend(
      Map<S, T> map, Function<S, @Nullable Blob> from, BiConsumer<T, Blob> into) {
    map.forEach((source, target) -> {
      Blob blob = from.apply(source);
      if (blob != null && blob.sealed()) {
        into.accept(target, blob);
      }
    });
  }

  private static BiConsumer<ObjectId, Blob> intoNormal(Session target) {
    return (id, lender) -> {
      if (id.isBlob()
          && !id.equals(ObjectId.EMPTY_BLOB)
          && !id.equals(ObjectId.INVALID)
          && target.blobs().find(id) == null) {
        target.borrow(id, lender);
      }
    };
  }

  private static BiConsumer<String, Blob> intoPlasma(Session target) {
    return (plasmaId, lender) -> {
      if (target.plasma().find(plasmaId) == null) {
        target.plasma().borrow(plasmaId, lender);
      }
    };
  }
}
