package dev.vinery.server;

import dev.vinery.metadata.EmbeddedMetadataStore;
import dev.vinery.posix.PosixException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What the sessions of one daemon share: the lock, the memory, the ids, and each other.
///
/// The lock guards every table of the daemon. It is held for changes of tables only: never for a
/// copy, a page fault, a file, a socket or a search. Sessions are guarded by it, too.
final class Store implements AutoCloseable {
  /// The instance number of a daemon that shares its metadata with no other.
  private static final long ONLY_INSTANCE = 0;

  private final ReentrantLock lock;
  private final DaemonOptions options;
  private final Registration registration;
  private final InstantSource clock;
  private final EmbeddedMetadataStore metadata;
  private final @Nullable Cluster cluster;
  private final long instanceId;
  private final IdGenerator ids;
  private final MemoryPool pool;
  private final MemoryKeeper keeper;
  private final Alarms alarms;
  private final Transfers transfers = new Transfers();
  private final Map<Long, Session> sessions = new HashMap<>();

  /// @param registration what is known of this daemon
  /// @param lock the store lock
  /// @param cluster what the root session shares with other daemons, if it does
  Store(
      ReentrantLock lock,
      DaemonOptions options,
      Registration registration,
      InstantSource clock,
      @Nullable Cluster cluster)
      throws PosixException {
    this.lock = lock;
    this.options = options;
    this.registration = registration;
    this.clock = clock;
    this.metadata = new EmbeddedMetadataStore(clock);
    this.cluster = cluster;
    this.instanceId = cluster == null ? ONLY_INSTANCE : cluster.instanceId();
    this.ids = new IdGenerator(clock, instanceId);
    this.pool = new MemoryPool(lock, options.memoryLimitBytes(), options.hugePages());
    this.keeper = new MemoryKeeper(lock, pool, options.reserve());
    this.alarms = new Alarms(lock);
  }

  /// What the sessions of a daemon share that nobody reaches but over its socket.
  static Store alone(DaemonOptions options, InstantSource clock) throws PosixException {
    return new Store(
        new ReentrantLock(),
        options,
        Registration.of(options, ClusterHandler.NO_ENDPOINT),
        clock,
        null);
  }

  ReentrantLock lock() {
    return lock;
  }

  DaemonOptions options() {
    return options;
  }

  Registration registration() {
    return registration;
  }

  InstantSource clock() {
    return clock;
  }

  /// Where sessions keep persistent metadata that no other daemon sees.
  EmbeddedMetadataStore metadata() {
    return metadata;
  }

  /// What the root session shares with other daemons, if it does.
  @Nullable Cluster cluster() {
    return cluster;
  }

  long instanceId() {
    return instanceId;
  }

  IdGenerator ids() {
    return ids;
  }

  MemoryPool pool() {
    return pool;
  }

  MemoryKeeper keeper() {
    return keeper;
  }

  Alarms alarms() {
    return alarms;
  }

  Transfers transfers() {
    return transfers;
  }

  /// Where anonymous files are made.
  Path temporaryDirectory() {
    return Path.of("/tmp");
  }

  Collection<Session> sessions() {
    return sessions.values();
  }

  @Nullable Session session(long id) {
    return sessions.get(id);
  }

  void add(Session session) {
    sessions.put(session.id(), session);
  }

  void remove(Session session) {
    sessions.remove(session.id());
  }

  @Override
  public void close() {
    transfers.close();
    if (cluster != null) {
      cluster.close();
    }
    alarms.close();
    keeper.close();
    lock.lock();
    try {
      for (Session session : sessions.values()) {
        session.blobs().clear();
        session.blobs().index().close();
      }
    } finally {
      lock.unlock();
    }
    pool.close();
    metadata.close();
  }
}
