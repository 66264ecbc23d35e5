package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Copies of objects of other instances. Answers [ObjectRequest.Migrate].
///
/// An object is copied once: who asks while that is under way waits for it, and who asks later gets
/// the same copy for as long as it is there. The copying is done by [Transfers], without the store
/// lock; nothing of it is seen until all bytes are there, and nothing is left of one that fails.
///
/// Guarded by the store lock.
final class MigrationHandler {
  /// Copies that are remembered before those that were deleted meanwhile are looked for.
  private static final int MIN_SWEEP_COPIES = 1024;

  private static final Logger log = System.getLogger(MigrationHandler.class.getName());

  private final Store store;
  private final @Nullable Cluster cluster;
  private final ObjectTable objects;
  private final BlobTable blobs;
  private final Waits<ObjectId> waits;
  private final ObjectHandler handler;
  private final Map<ObjectId, Migration> underWay = new HashMap<>();
  private final Map<ObjectId, ObjectId> copies = new HashMap<>();
  private int sweepCopies = MIN_SWEEP_COPIES;

  /// @param waits requests that wait for objects and blobs
  /// @param cluster of which other instances are; null if there are none
  MigrationHandler(
      Store store,
      @Nullable Cluster cluster,
      ObjectTable objects,
      BlobTable blobs,
      Waits<ObjectId> waits,
      ObjectHandler handler) {
    this.store = store;
    this.cluster = cluster;
    this.objects = objects;
    this.blobs = blobs;
    this.waits = waits;
    this.handler = handler;
  }

  Answer handle(ObjectRequest.Migrate request) {
    LiveObject source = source(request.id());
    if (source.instanceId() == store.instanceId()) {
      return Answer.now(new ObjectReply.Migrated(source.id()));
    }
    ObjectId copy = copies.get(source.id());
    if (copy != null && objects.find(copy) != null) {
      return Answer.now(new ObjectReply.Migrated(copy));
    }
    Migration migration = underWay.get(source.id());
    if (migration == null) {
      migration = new Migration(source, endpoint(source));
      underWay.put(source.id(), migration);
      store.transfers().begin(source.id().toString(), migration::run);
    }
    return migration.await();
  }

  private LiveObject source(ObjectId id) {
    if (id.isBlob()) {
      throw new ProtocolException("a blob cannot be migrated: " + id);
    }
    LiveObject object = objects.find(id);
    if (object == null) {
      throw new StoreException(Status.META_TREE_SUBTREE_NOT_EXISTS, "no object has the id " + id);
    }
    if (object.global()) {
      throw new ProtocolException("a global object cannot be migrated: " + id);
    }
    return object;
  }

  private String endpoint(LiveObject source) {
    return Optional.ofNullable(cluster)
        .flatMap(shared -> shared.instances().rpcEndpoint(source.instanceId()))
        .orElseThrow(() ->
            new ProtocolException(
                "object %s lives on instance %s, which has no address here"
                    .formatted(source.id(), Long.toUnsignedString(source.instanceId()))));
  }

  /// One object on its way here.
  private final class Migration {
    private final ObjectId sourceId;
    private final long homeId;
    private final String endpoint;
    private final TreeCopy tree;
    private final List<ObjectId> wanted;
    private final List<Waiter> waiting = new ArrayList<>();

    /// A request for the copy.
    private final class Waiter {
      private final Answer.Later later = new Answer.Later(() -> waiting.remove(this));
    }

    Migration(LiveObject source, String endpoint) {
      this.sourceId = source.id();
      this.homeId = source.instanceId();
      this.endpoint = endpoint;
      this.tree = new TreeCopy(source, objects);
      this.wanted = tree.blobs();
    }

    /// Defers an answer until the copy is there.
    Answer.Later await() {
      var waiter = new Waiter();
      waiting.add(waiter);
      return waiter.later;
    }

    /// Fetches the blobs and makes the copy. Without the store lock.
    void run() {
      try {
        if (wanted.isEmpty()) {
          locked(() -> make(Map.of()));
        } else {
          fetch();
        }
      } catch (InterruptedException closing) {
        Thread.currentThread().interrupt();
        fail(Status.ALREADY_STOPPED, "the daemon is closing");
      } catch (StoreException refused) {
        fail(refused.status(), refused.detail());
      } catch (RuntimeException | OutOfMemoryError bug) {
        log.log(Level.ERROR, "bug while migrating object=" + sourceId, bug);
        fail(Status.UNKNOWN, "internal error, see the daemon's log");
      }
    }

    private void fetch() throws InterruptedException {
      boolean compression = store.options().compression();
      Deadlines deadlines = store.transfers().deadlines();
      try (var fetch = BlobFetch.connect(homeId, endpoint, compression, deadlines)) {
        List<Payload> there = fetch.ask(wanted);
        ArrivingBlobs arriving = reserve(there);
        try {
          fetch.receive(arriving.bytes());
          locked(() -> {
            arriving.publish(waits);
            make(ids(there, arriving.payloads()));
          });
        } finally {
          locked(arriving::end);
        }
      }
    }

    private ArrivingBlobs reserve(List<Payload> there) {
      Lock lock = store.lock();
      lock.lock();
      try {
        List<Long> sizes = there.stream().map(Payload::sizeBytes).toList();
        return ArrivingBlobs.reserve(sizes, blobs, store.pool());
      } finally {
        lock.unlock();
      }
    }

    private static Map<ObjectId, ObjectId> ids(List<Payload> there, List<Payload> here) {
      Map<ObjectId, ObjectId> ids = new HashMap<>();
      for (int i = 0; i < there.size(); i++) {
        ids.put(there.get(i).id(), here.get(i).id());
      }
      return ids;
    }

    /// Enters the copy into the tables, and has it published.
    ///
    /// @param blobIds of the copied blobs, by those of the blobs
    private void make(Map<ObjectId, ObjectId> blobIds) {
      List<LiveObject> made =
          tree.make(blobIds, objects, store.ids(), store.instanceId(), store.clock().millis());
      made.forEach(handler::add);
      persist(made.getLast().id());
    }

    private void persist(ObjectId copy) {
      try {
        Answer answer = handler.persist(copy);
        if (answer instanceof Answer.Later later) {
          later.onDue(() -> persistLater(copy, later.reply()));
        } else if (answer instanceof Answer.Now(var reply)) {
          persisted(copy, reply);
        }
      } catch (StoreException refused) {
        persisted(copy, new Reply.Failed(refused.status(), refused.detail()));
      }
    }

    private void persistLater(ObjectId copy, @Nullable Reply reply) {
      if (reply == null) {
        persist(copy); // what it had to wait for has come
      } else {
        persisted(copy, reply);
      }
    }

    private void persisted(ObjectId copy, Reply reply) {
      if (reply instanceof Reply.Failed) {
        var _ = handler.discard(List.of(copy));
        finish(reply);
      } else {
        remember(sourceId, copy);
        finish(new ObjectReply.Migrated(copy));
      }
    }

    private void fail(Status status, String detail) {
      locked(() ->
          finish(new Reply.Failed(status, "cannot migrate object " + sourceId + ": " + detail)));
    }

    private void finish(Reply reply) {
      underWay.remove(sourceId);
      waiting.forEach(waiter -> waiter.later.come(reply));
    }

    private void locked(Runnable action) {
      Lock lock = store.lock();
      lock.lock();
      try {
        action.run();
      } finally {
        lock.unlock();
      }
    }
  }

  private void remember(ObjectId source, ObjectId copy) {
    if (copies.size() >= sweepCopies) {
      copies.values().removeIf(id -> objects.find(id) == null);
      sweepCopies = Math.max(MIN_SWEEP_COPIES, 2 * copies.size());
    }
    copies.put(source, copy);
  }
}
