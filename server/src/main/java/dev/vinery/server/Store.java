package dev.vinery.server;

import dev.vinery.metadata.MetadataStore;
import dev.vinery.posix.PosixException;
import java.nio.file.Path;
import java.security.SecureRandom;
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
  private final ReentrantLock lock = new ReentrantLock();
  private final DaemonOptions options;
  private final String rpcEndpoint;
  private final InstantSource clock;
  private final MetadataStore metadata;
  private final long instanceId;
  private final IdGenerator ids;
  private final long hostId;
  private final MemoryPool pool;
  private final MemoryKeeper keeper;
  private final Alarms alarms;
  private final Map<Long, Session> sessions = new HashMap<>();

  /// @param rpcEndpoint where clients on other hosts connect, `host:port`
  Store(
      DaemonOptions options,
      String rpcEndpoint,
      InstantSource clock,
      MetadataStore metadata,
      long instanceId)
      throws PosixException {
    this.options = options;
    this.rpcEndpoint = rpcEndpoint;
    this.clock = clock;
    this.metadata = metadata;
    this.instanceId = instanceId;
    this.ids = new IdGenerator(clock, instanceId);
    this.hostId = new SecureRandom().nextLong(Long.MAX_VALUE);
    this.pool = new MemoryPool(lock, options.memoryLimitBytes());
    this.keeper = new MemoryKeeper(lock, pool, options.reserve());
    this.alarms = new Alarms(lock);
  }

  ReentrantLock lock() {
    return lock;
  }

  DaemonOptions options() {
    return options;
  }

  /// `host:port`, or [ClusterHandler#NO_ENDPOINT].
  String rpcEndpoint() {
    return rpcEndpoint;
  }

  InstantSource clock() {
    return clock;
  }

  MetadataStore metadata() {
    return metadata;
  }

  long instanceId() {
    return instanceId;
  }

  /// A number that tells this daemon from all others.
  long hostId() {
    return hostId;
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
    alarms.close();
    keeper.close();
    lock.lock();
    try {
      sessions.values().forEach(session -> session.blobs().clear());
    } finally {
      lock.unlock();
    }
    pool.close();
    metadata.close();
  }
}
