package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.Lease;
import dev.vinery.metadata.MetadataKeys;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.ProtocolException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// The place of this daemon among those of its cluster: its number, and the keys that tell of it.
///
/// The number is drawn under the lock that upstream's daemons hold for the same; what is published
/// is put without it, because nobody else writes there. Calls wait for the metadata store. Safe for
/// use by several threads.
final class Membership {
  private final MetadataStore store;
  private final ClusterKeys keys;
  private final Registration registration;
  private final InstantSource clock;
  private final long instanceId;
  private final Lease lease;

  private Membership(
      MetadataStore store,
      ClusterKeys keys,
      Registration registration,
      InstantSource clock,
      long instanceId,
      Lease lease) {
    this.store = store;
    this.keys = keys;
    this.registration = registration;
    this.clock = clock;
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
      var membership = new Membership(store, keys, registration, clock, next, lease);
      membership.publish(next + 1);
      return membership;
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
  }

  private Change signOfLife() {
    return new Change.LeasedPut(
        keys.alive(instanceId),
        JsonText.print(Json.Whole.unsigned(registration.hostId())),
        lease.id());
  }

  long instanceId() {
    return instanceId;
  }

  /// Tells the others that the daemon leaves.
  void leave() {
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
