package dev.vinery.server;

import dev.vinery.metadata.KeyLock;
import dev.vinery.metadata.Lease;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.ClusterReply;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Locks between clients of a cluster, by keys of their own choice. Answers the requests for them.
///
/// Each wait has a virtual thread, and each lock a lease of its own, which is kept alive until the
/// lock is released or the connection ends that took it. The tables are guarded by the store lock,
/// which nobody holds while waiting for the metadata store.
final class LockHandler {
  /// Characters of a key.
  static final int MAX_KEY_CHARS = 4096;

  /// Locks that one connection may hold or wait for.
  static final int MAX_LOCKS = 1024;

  /// How long a client waits that does not go.
  private static final Duration FOR_EVER = Duration.ofDays(3650);

  private static final Logger log = System.getLogger(LockHandler.class.getName());

  private final MetadataStore store;
  private final ClusterKeys keys;
  private final Lock storeLock;
  private final Duration leaseTime;
  private final Map<String, Held> held = new HashMap<>();
  private final Map<Peer, Set<Claim>> claims = new HashMap<>();
  private boolean closed;

  private record Held(KeyLock lock, Claim claim) {}

  /// A lock that a connection holds or waits for. Guarded by the store lock.
  private static final class Claim {
    private final Peer peer;
    private @Nullable Lease lease;
    private @Nullable Thread waiting;
    private boolean givenUp;

    Claim(Peer peer) {
      this.peer = peer;
    }

    void giveUp() {
      givenUp = true;
      if (waiting != null) {
        waiting.interrupt();
      }
    }
  }

  LockHandler(MetadataStore store, ClusterKeys keys, Lock storeLock, ClusterTimes times) {
    this.store = store;
    this.keys = keys;
    this.storeLock = storeLock;
    this.leaseTime = times.lease();
  }

  /// Takes a lock when it is free.
  Answer acquire(ClusterRequest.AcquireLock request, Peer peer) {
    if (request.key().isEmpty() || request.key().length() > MAX_KEY_CHARS) {
      throw new ProtocolException(
          "a lock's key has from 1 to %d characters, this one has %d"
              .formatted(MAX_KEY_CHARS, request.key().length()));
    }
    Set<Claim> ofPeer = claims.computeIfAbsent(peer, _ -> new HashSet<>());
    if (ofPeer.size() >= MAX_LOCKS) {
      throw new StoreException(
          Status.STORE_FULL, "one client may hold or await %d locks".formatted(MAX_LOCKS));
    }
    var claim = new Claim(peer);
    ofPeer.add(claim);
    var answer = new Answer.Later(() -> forget(claim));
    // Upstream puts nothing between its root and the key.
    String key = keys.session().root() + request.key();
    Thread.ofVirtual().name("vinery-lock").start(() -> acquire(key, claim, answer));
    return answer;
  }

  private void acquire(String key, Claim claim, Answer.Later answer) {
    Reply reply = new ClusterReply.LockAcquired(false, "");
    Lease lease = null;
    try {
      lease = store.grant(leaseTime);
      KeyLock lock = begin(claim, lease) ? store.lock(key, lease, FOR_EVER).orElse(null) : null;
      if (lock != null && hold(lock, claim)) {
        String told = lock.key().substring(keys.session().root().length());
        reply = new ClusterReply.LockAcquired(true, told);
        lease = null;
      }
    } catch (MetadataException | IllegalStateException failed) {
      log.log(Level.WARNING, "a lock was not acquired: key={0}: {1}", key, failed.getMessage());
    } catch (InterruptedException givenUp) {
      // Nobody waits for the answer any more.
    }
    if (lease != null) {
      revoke(lease);
    }
    answer(claim, answer, reply);
  }

  /// @return whether the lock is still wanted
  private boolean begin(Claim claim, Lease lease) {
    storeLock.lock();
    try {
      claim.lease = lease;
      claim.waiting = Thread.currentThread();
      return !claim.givenUp && !closed;
    } finally {
      storeLock.unlock();
    }
  }

  private static void revoke(Lease lease) {
    try {
      lease.revoke();
    } catch (MetadataException | IllegalStateException failed) {
      log.log(Level.DEBUG, "a lease runs out by itself: {0}", failed.getMessage());
    }
  }

  private boolean hold(KeyLock lock, Claim claim) {
    storeLock.lock();
    try {
      if (claim.givenUp || closed) {
        return false;
      }
      claim.waiting = null;
      held.put(lock.key(), new Held(lock, claim));
      return true;
    } finally {
      storeLock.unlock();
    }
  }

  private void answer(Claim claim, Answer.Later answer, Reply reply) {
    storeLock.lock();
    try {
      if (reply instanceof ClusterReply.LockAcquired(var acquired, _) && !acquired) {
        forget(claim);
      }
      answer.come(reply);
    } finally {
      storeLock.unlock();
    }
  }

  private void forget(Claim claim) {
    claim.giveUp();
    Set<Claim> ofPeer = claims.get(claim.peer);
    if (ofPeer != null) {
      ofPeer.remove(claim);
      if (ofPeer.isEmpty()) {
        claims.remove(claim.peer);
      }
    }
  }

  /// Releases a lock, whoever took it.
  Answer release(ClusterRequest.ReleaseLock request) {
    Held released = held.remove(keys.session().root() + request.key());
    if (released == null) {
      return Answer.now(new ClusterReply.LockReleased(false));
    }
    forget(released.claim());
    var answer = new Answer.Later(() -> {});
    Thread.ofVirtual().name("vinery-lock").start(() -> release(released, answer));
    return answer;
  }

  private void release(Held released, Answer.@Nullable Later answer) {
    boolean done = end(released);
    if (answer != null) {
      storeLock.lock();
      try {
        answer.come(new ClusterReply.LockReleased(done));
      } finally {
        storeLock.unlock();
      }
    }
  }

  private static boolean end(Held released) {
    try {
      released.lock().close();
      Lease lease = released.claim().lease;
      if (lease != null) {
        lease.revoke();
      }
      return true;
    } catch (MetadataException | IllegalStateException failed) {
      log.log(
          Level.WARNING,
          "a lock ends with its lease only: key={0}: {1}",
          released.lock().key(),
          failed.getMessage());
      return false;
    }
  }

  /// Releases what a connection holds and ends its waits, as the connection has ended.
  void left(Peer peer) {
    Set<Claim> ofPeer = claims.remove(peer);
    if (ofPeer == null) {
      return;
    }
    ofPeer.forEach(Claim::giveUp);
    List<Held> released = new ArrayList<>();
    held.values().removeIf(lock -> ofPeer.contains(lock.claim()) && released.add(lock));
    if (!released.isEmpty()) {
      Thread.ofVirtual().name("vinery-lock").start(() -> released.forEach(LockHandler::end));
    }
  }

  /// Keeps the locks, and the places of those who wait. To be called, without the store lock, often
  /// enough for the leases.
  void keepAlive() {
    List<Lease> leases = new ArrayList<>();
    storeLock.lock();
    try {
      for (Set<Claim> ofPeer : claims.values()) {
        for (Claim claim : ofPeer) {
          if (claim.lease != null) {
            leases.add(claim.lease);
          }
        }
      }
    } finally {
      storeLock.unlock();
    }
    for (Lease lease : leases) {
      try {
        lease.keepAlive();
      } catch (MetadataException failed) {
        log.log(Level.WARNING, "a lock may be lost: {0}", failed.getMessage());
      }
    }
  }

  /// Releases all locks and ends all waits. To be called without the store lock.
  void close() {
    List<Held> all;
    storeLock.lock();
    try {
      closed = true;
      all = List.copyOf(held.values());
      held.clear();
      claims.values().forEach(ofPeer -> ofPeer.forEach(Claim::giveUp));
    } finally {
      storeLock.unlock();
    }
    all.forEach(LockHandler::end);
  }
}
