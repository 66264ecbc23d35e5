package dev.vinery.server;

import dev.vinery.posix.PosixException;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.PlasmaRequest;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.RemoteBlobRequest;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.SlabRequest;
import dev.vinery.protocol.SpillReply;
import dev.vinery.protocol.SpillRequest;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StreamRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Hands each request of a session to the handler of its family.
///
/// Requests that change or read tables are handled under the store lock. Those that touch files,
/// sockets or very many entries take it themselves, for moments. This is the only place where an
/// exception becomes a [Reply.Failed]. Safe for use by several threads.
final class Dispatcher {
  private static final Logger log = System.getLogger(Dispatcher.class.getName());

  private final Store store;
  private final ReentrantLock lock;
  private final Session session;
  private final BlobHandler blobs;
  private final RemoteBlobHandler remoteBlobs;
  private final PlasmaHandler plasma;
  private final ObjectHandler objects;
  private final MigrationHandler migrations;
  private final ObjectReader reader;
  private final NameHandler names;
  private final DiskHandler disk;
  private final ExtentHandler extents;
  private final SlabHandler slabs;
  private final SpillHandler spill;
  private final StreamHandler streams;
  private final ClusterHandler cluster;
  private final CatchUp catchUp;

  Dispatcher(
      Store store,
      Session session,
      BlobHandler blobs,
      RemoteBlobHandler remoteBlobs,
      PlasmaHandler plasma,
      ObjectHandler objects,
      MigrationHandler migrations,
      ObjectReader reader,
      NameHandler names,
      DiskHandler disk,
      ExtentHandler extents,
      SlabHandler slabs,
      SpillHandler spill,
      StreamHandler streams,
      CatchUp catchUp) {
    this.store = store;
    this.lock = store.lock();
    this.session = session;
    this.blobs = blobs;
    this.remoteBlobs = remoteBlobs;
    this.plasma = plasma;
    this.objects = objects;
    this.migrations = migrations;
    this.reader = reader;
    this.names = names;
    this.disk = disk;
    this.extents = extents;
    this.slabs = slabs;
    this.spill = spill;
    this.streams = streams;
    this.cluster = new ClusterHandler(store);
    this.catchUp = catchUp;
  }

  /// Answers a request of one connection of this session.
  Answer dispatch(Request request, Peer peer, SessionHandler sessions) {
    return answered(
        request,
        () -> {
          if (!peer.registered() && !(request instanceof SessionRequest.Register)) {
            throw new ProtocolException("the first request must be register_request");
          }
          Answer.Later fresh = awaitFresh(request, peer);
          return fresh != null ? fresh : route(request, peer, sessions);
        });
  }

  /// Answers a request whose deferred answer has become due.
  Answer resume(Answer.Later due, Request request, Peer peer, SessionHandler sessions) {
    Reply reply;
    lock.lock();
    try {
      reply = due.reply();
    } finally {
      lock.unlock();
    }
    return reply != null
        ? Answer.now(reply)
        : answered(request, () -> route(request, peer, sessions));
  }

  private static Answer answered(Request request, Supplier<Answer> handling) {
    try {
      return handling.get();
    } catch (StoreException refused) {
      return failed(refused.status(), refused.detail());
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError bug) {
      String command = request.getClass().getName(); // not its values: some are secret
      log.log(Level.ERROR, "bug while handling command=" + command, bug);
      return failed(Status.UNKNOWN, "internal error, see the daemon's log");
    }
  }

  /// Defers requests that must see what other daemons have stored, unless the tables tell that
  /// nothing can be missed.
  private Answer.@Nullable Later awaitFresh(Request request, Peer peer) {
    Freshness freshness = session.freshness();
    if (freshness == null) {
      return null;
    }
    lock.lock();
    try {
      boolean brief = catchUp.isBrief(request);
      if (!freshness.attainable(brief) || !catchUp.isNeeded(request)) {
        return null;
      }
      Answer.Later later = freshness.await(brief);
      peer.waitFor(later);
      return later;
    } finally {
      lock.unlock();
    }
  }

  private static Answer failed(Status status, String detail) {
    return Answer.now(new Reply.Failed(status, detail));
  }

  private Answer route(Request request, Peer peer, SessionHandler sessions) {
    checkKind(request);
    if (peer.remote()) {
      checkReach(request);
    }
    return switch (request) {
      case SessionRequest own -> Answer.now(sessions.handle(own, peer));
      case BlobRequest.CreateOnDisk create -> Answer.now(disk.create(create, peer));
      case SlabRequest slab -> Answer.now(slabs.handle(slab, peer));
      case NameRequest.Find find -> Answer.now(names.find(find));
      case ObjectRequest.Get get -> reader.get(get, peer);
      case ObjectRequest.Find find -> Answer.now(reader.find(find));
      case SpillRequest.Trim() -> Answer.now(new SpillReply.Trimmed(trim()));
      case ObjectRequest.Clear clear -> trimmed(locked(clear, peer));
      case ObjectRequest.Delete delete when delete.trim() -> trimmed(locked(delete, peer));
      case Request.Unsupported unsupported ->
          throw StoreException.of(unsupported.status(), unsupported.reason());
      default -> locked(request, peer);
    };
  }

  private Answer locked(Request request, Peer peer) {
    lock.lock();
    try {
      Answer answer =
          switch (request) {
            case BlobRequest blob -> Answer.now(blobs.handle(blob, peer));
            case ExtentRequest extent -> Answer.now(extents.handle(extent, peer));
            case ObjectRequest.Migrate migrate -> migrations.handle(migrate);
            case ObjectRequest object -> objects.handle(object, peer);
            case NameRequest name -> names.handle(name);
            case PlasmaRequest named -> Answer.now(plasma.handle(named, peer));
            case SpillRequest memory -> Answer.now(spill.handle(memory));
            case StreamRequest stream -> streams.handle(stream, peer);
            case ClusterRequest daemons -> cluster.handle(daemons, peer);
            case RemoteBlobRequest blob -> remoteBlobs.handle(blob);
            case SessionRequest _, SlabRequest _, Request.Unsupported _ ->
                throw new AssertionError("answered without the lock");
          };
      store.keeper().look();
      if (answer instanceof Answer.Later later) {
        peer.waitFor(later);
      }
      return answer;
    } finally {
      lock.unlock();
    }
  }

  private Answer trimmed(Answer answer) {
    trim();
    return answer;
  }

  private boolean trim() {
    try {
      return store.pool().trim(0) > 0;
    } catch (PosixException e) {
      throw new StoreException(Status.IO_ERROR, "cannot give memory back: " + e.getMessage());
    }
  }

  /// A session holds either normal blobs and objects, or plasma blobs.
  private void checkKind(Request request) {
    StoreType wanted =
        switch (request) {
          case PlasmaRequest _ -> StoreType.PLASMA;
          case BlobRequest _,
              ExtentRequest _,
              NameRequest _,
              ObjectRequest _,
              RemoteBlobRequest _,
              SlabRequest _,
              StreamRequest _ ->
              StoreType.NORMAL;
          case ClusterRequest _, SessionRequest _, SpillRequest _, Request.Unsupported _ ->
              session.type();
        };
    if (wanted != session.type()) {
      throw new ProtocolException(
          "this session holds %s blobs, the request is about %s ones"
              .formatted(word(session.type()), word(wanted)));
    }
  }

  /// Who is on another host shares no memory, and has no descriptors sent to.
  private static void checkReach(Request request) {
    boolean needsMemory =
        switch (request) {
          case BlobRequest.Create _,
              BlobRequest.CreateMany _,
              BlobRequest.CreateOnDisk _,
              BlobRequest.Get _,
              ExtentRequest _,
              PlasmaRequest.Create _,
              PlasmaRequest.Get _,
              SlabRequest _,
              StreamRequest.Reserve _ ->
              true;
          case ObjectRequest.Get get -> get.held();
          default -> false;
        };
    if (needsMemory) {
      throw new ProtocolException("this command needs shared memory, which a TCP client has not");
    }
  }

  private static String word(StoreType type) {
    return switch (type) {
      case NORMAL -> "normal";
      case PLASMA -> "plasma";
    };
  }
}
