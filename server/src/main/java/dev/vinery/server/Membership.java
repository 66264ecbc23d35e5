package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.ChangeGroups;
import dev.vinery.metadata.Lease;
import dev.vinery.metadata.MetadataKeys;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Status;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// The place of this daemon among those of its cluster: its number, and the keys that tell of it.
///
/// The number is drawn under the lock that upstream's daemons hold for the same; what is published
/// is put without it, because nobody else writes there. Calls wait for the metadata store. Safe for
/// use by several threads.
final class Membership {
  private static final Logger log = System.getLogger(Membership.class.getName());

  private final MetadataStore store;
  private final ClusterKeys keys;
  private final Registration registration;
  private final InstantSource clock;
  private final ClusterTimes times;
  private final long instanceId;
  private volatile Lease lease;

  /// Which revision has put the key by which this daemon is told from others.
  private volatile long registeredRevision;

  /// Whether that key was as it was put when something was stored last.
  private volatile boolean registered = true;

  /// Whether another daemon was found to have the number.
  private volatile boolean ousted;

  private Membership(
      MetadataStore store,
      ClusterKeys keys,
      Registration registration,
      InstantSource clock,
      ClusterTimes times,
      long instanceId,
      Lease lease) {
    this.store = store;
    this.keys = keys;
    this.registration = registration;
    this.clock = clock;
    this.times = times;
    this.instanceId = instanceId;
    this.lease = lease;
  }

  /// Draws a number and publishes the daemon under it.
  ///
  /// @throws MetadataException if the store cannot be reached, or others keep its lock for too long
  static Membership join(
      MetadataStore store,
      ClusterKeys keys,
      Registration registration,
      InstantSource clock,
      ClusterTimes times) {
    if (isNew(store, keys)) {
      awaitReturning(times);
    }
    try (var _ = ClusterLock.take(store, keys.session().syncLock(), times)) {
      MetadataKeys session = keys.session();
      long next = store.get(session.nextInstanceId()).map(Membership::number).orElse(0L);
      for (Entry entry : store.list(session.allInstances()).entries()) {
        if (session.parse(entry.key()).orElse(null)
            instanceof MetadataKeys.Place.Instance(var taken, _)) {
          next = Math.max(next, taken + 1);
        }
      }
      Lease lease = store.grant(times.lease());
      var membership = new Membership(store, keys, registration, clock, times, next, lease);
      membership.publish(next + 1);
      return membership;
    }
  }

  /// Whether nobody has ever joined, or the store has lost its data. What this daemon has started
  /// itself is new.
  private static boolean isNew(MetadataStore store, ClusterKeys keys) {
    return store.member().isEmpty() && store.get(keys.session().nextInstanceId()).isEmpty();
  }

  /// Lets daemons come back first that were there before the store lost its data: who takes a
  /// number that one of them has keeps it out.
  private static void awaitReturning(ClusterTimes times) {
    try {
      Thread.sleep(times.beat());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Reads a number; what is none counts as the lowest.
  private static long number(Entry entry) {
    try {
      return JsonText.parse(entry.value()) instanceof Json.Whole(var bits, _) ? bits : 0;
    } catch (ProtocolException damaged) {
      return 0;
    }
  }

  /// @param next what the number of the next daemon to come becomes
  private void publish(long next) {
    MetadataKeys session = keys.session();
    List<Change> changes = new ArrayList<>();
    registration
        .fields(clock.instant())
        .forEach((field, value) ->
            changes.add(
                new Change.Put(session.instance(instanceId, field), JsonText.print(value))));
    changes.add(
        new Change.Put(session.nextInstanceId(), JsonText.print(Json.Whole.unsigned(next))));
    changes.add(signOfLife());
    await(store.commit(changes));
    registeredRevision = store.get(hostIdKey()).map(Entry::modRevision).orElse(0L);
  }

  private Change signOfLife() {
    return leased(keys.alive(instanceId));
  }

  /// Binds a key to this daemon for as long as it lives.
  Change leased(String key) {
    return new Change.LeasedPut(key, hostId(), lease.id());
  }

  private String hostId() {
    return JsonText.print(Json.Whole.unsigned(registration.hostId()));
  }

  private String hostIdKey() {
    return keys.session().instance(instanceId, Registration.HOST_ID);
  }

  /// Gives a sign of life.
  ///
  /// @return whether the daemon was taken for alive until now
  boolean keepAlive() {
    try {
      lease.keepAlive();
      return true;
    } catch (MetadataException ended) {
      var _ = store.revision(); // throws if it is the store that cannot be reached
      return false;
    }
  }

  /// Puts the time, by which upstream's daemons know that this one lives.
  ///
  /// @return whether the daemon is registered still
  boolean stamp() {
    Entry mine = store.get(hostIdKey()).orElse(null);
    if (mine == null || !mine.value().equals(hostId())) {
      return false;
    }
    String key = keys.session().instance(instanceId, Registration.TIMESTAMP);
    Change stamp = new Change.Put(key, JsonText.print(Registration.timestamp(clock.instant())));
    return await(store.commitIf(mine.key(), mine.modRevision(), List.of(stamp))).isPresent();
  }

  /// Publishes the daemon again, under its number, with a new lease.
  ///
  /// @return whether it was registered still
  /// @throws MetadataException if the store cannot be reached, or the number is taken by now
  boolean rejoin() {
    try (var _ = ClusterLock.take(store, keys.session().syncLock(), times)) {
      Entry mine = store.get(hostIdKey()).orElse(null);
      boolean known = mine != null && mine.value().equals(hostId());
      boolean taken = mine != null && !known;
      if (taken && !ousted) {
        log.log(
            Level.ERROR,
            "another daemon has the number of this one, which is no part of the cluster until that"
                + " one ends, or this one is started again: instance={0}",
            Long.toUnsignedString(instanceId));
      }
      ousted = taken;
      if (taken) {
        throw absence();
      }
      lease = store.grant(times.lease());
      long next = store.get(keys.session().nextInstanceId()).map(Membership::number).orElse(0L);
      publish(Math.max(next, instanceId + 1));
      return known;
    }
  }

  /// Stores changes as long as the daemon is registered: under a number that is not its own, what
  /// it stores would be taken for another's, or deleted as that of a dead one.
  ///
  /// @return the revision after the last of them; nothing if the daemon is not registered, see
  ///   [#absence()]
  /// @throws MetadataException if the store fails: some of them may be stored
  OptionalLong commit(List<Change> changes) {
    OptionalLong revision = OptionalLong.of(0);
    for (List<Change> group : ChangeGroups.of(changes)) {
      revision = await(store.commitIf(hostIdKey(), registeredRevision, group));
      registered = revision.isPresent();
      if (!registered) {
        break;
      }
    }
    return revision;
  }

  /// Whether the daemon was found to be registered when something was stored last.
  boolean isRegistered() {
    return registered;
  }

  /// Whether another daemon was found to have the number.
  boolean ousted() {
    return ousted;
  }

  /// Why the daemon is not registered.
  MetadataException absence() {
    return new MetadataException(
        Status.ETCD_ERROR,
        ousted
            ? "another daemon took the instance number %s when the metadata store had lost its data: start this one again"
                .formatted(Long.toUnsignedString(instanceId))
            : "this daemon has not joined the cluster again yet");
  }

  long instanceId() {
    return instanceId;
  }

  /// Tells the others that the daemon leaves.
  void leave() {
    lease.revoke();
  }

  /// Takes back that the daemon has joined, as it has not come to serve anybody.
  void withdraw() {
    String registration = keys.session().allInstances() + InstanceId.key(instanceId) + "/";
    await(store.commit(List.of(new Change.DeleteRange(registration))));
    lease.revoke();
  }

  static <T> T await(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MetadataException failed) {
        throw failed;
      }
      throw e;
    }
  }
}
