package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.ChangeGroups;
import dev.vinery.metadata.MetadataLayout;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.ProtocolException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;

/// Deletes what is stored of a daemon that is away: its objects, whatever has one of them as a
/// member, its signatures, and itself.
///
/// Of several that want to, one does: who has the key for it, which is attached to that one's
/// lease, so that another goes on if it dies. Every group of changes is made only while the daemon
/// that is away has given no new sign of life. The tables follow as they follow all that others do.
final class Cleaning {
  private static final Logger log = System.getLogger(Cleaning.class.getName());

  private final MetadataStore store;
  private final ClusterKeys keys;
  private final Lock storeLock;
  private final Membership membership;
  private final ObjectTable objects;
  private final MetadataLayout layout;

  Cleaning(
      MetadataStore store,
      ClusterKeys keys,
      Lock storeLock,
      Membership membership,
      ObjectTable objects) {
    this.store = store;
    this.keys = keys;
    this.storeLock = storeLock;
    this.membership = membership;
    this.objects = objects;
    this.layout = new MetadataLayout(keys.session());
  }

  /// Deletes what is stored of a daemon, and takes out of the back end what it had started there.
  /// May take seconds.
  ///
  /// @return whether it was done by this daemon
  /// @throws MetadataException if the store cannot be reached
  boolean clean(long instanceId) {
    String claim = keys.clean(instanceId);
    boolean mine =
        Membership.await(store.commitIf(claim, 0, List.of(membership.leased(claim)))).isPresent();
    if (!mine) {
      return false;
    }
    List<Change> last = List.of(new Change.Delete(claim));
    String registration = keys.session().allInstances() + InstanceId.key(instanceId) + "/";
    List<Entry> registered = store.list(registration).entries();
    if (registered.isEmpty()) {
      Membership.await(store.commit(last)); // another was here before
      return false;
    }
    if (!withdrawAll(instanceId, keys.alive(instanceId), last)) {
      return false;
    }
    removeMember(registered);
    return true;
  }

  /// Takes the part of the back end out of it that the daemon had started, if it had. What is
  /// published may be any number, since upstream's daemons publish one in any case.
  private void removeMember(List<Entry> registered) {
    for (Entry entry : registered) {
      if (entry.key().endsWith("/" + Registration.MEMBER_ID)) {
        try {
          if (JsonText.parse(entry.value()) instanceof Json.Text(var number)) {
            store.removeMember(Long.parseUnsignedLong(number));
          }
        } catch (ProtocolException | NumberFormatException none) {
          log.log(Level.WARNING, "no member: {0}={1}", entry.key(), entry.value());
        } catch (MetadataException failed) {
          log.log(Level.WARNING, "a dead member stays: {0}: {1}", entry.value(), failed.detail());
        } catch (InterruptedException ending) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /// Deletes what is stored of this daemon, which leaves as the last one.
  void cleanOwn() {
    for (List<Change> group : ChangeGroups.of(everything(membership.instanceId()))) {
      Membership.await(store.commit(group));
    }
  }

  private boolean withdrawAll(long instanceId, String alive, List<Change> last) {
    List<Change> changes = everything(instanceId);
    changes.addAll(last);
    for (List<Change> group : ChangeGroups.of(changes)) {
      if (Membership.await(store.commitIf(alive, 0, group)).isEmpty()) {
        return false; // it is back
      }
    }
    return true;
  }

  private List<Change> everything(long instanceId) {
    List<Change> changes = new ArrayList<>();
    storeLock.lock();
    try {
      for (LiveObject object : lost(instanceId)) {
        changes.addAll(layout.deleteObject(object.id(), object.instanceId(), object.signature()));
      }
    } finally {
      storeLock.unlock();
    }
    String instance = InstanceId.key(instanceId) + "/";
    changes.add(new Change.DeleteRange(keys.session().root() + "/signatures/" + instance));
    changes.add(new Change.DeleteRange(keys.session().allInstances() + instance));
    return changes;
  }

  /// The persistent objects of a daemon, and those that have one of them as a member of which there
  /// is no copy elsewhere.
  private Set<LiveObject> lost(long instanceId) {
    Set<LiveObject> lost = new LinkedHashSet<>();
    var queue = new ArrayDeque<LiveObject>();
    for (LiveObject object : objects.all().values()) {
      if (object.persistent() && object.instanceId() == instanceId) {
        queue.add(object);
      }
    }
    while (!queue.isEmpty()) {
      LiveObject object = queue.remove();
      if (object.persistent() && lost.add(object) && !objects.hasEquivalent(object)) {
        queue.addAll(object.owners().list());
      }
    }
    return lost;
  }
}
