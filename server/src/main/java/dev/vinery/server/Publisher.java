package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataKeys;
import dev.vinery.metadata.MetadataLayout;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionException;

/// Writes the persistent metadata of one session to the metadata store, laid out as upstream's.
///
/// The store that is there now is embedded and answers at once, so this is done under the store
/// lock. One behind a network must not be waited for there: these will then be deferred answers.
final class Publisher {
  private final MetadataStore store;
  private final MetadataLayout layout;

  Publisher(MetadataStore store, MetadataKeys keys) {
    this.store = store;
    this.layout = new MetadataLayout(keys);
  }

  /// Publishes objects that have just become persistent.
  ///
  /// @param objects members before owners
  /// @param top the object that was asked for, which others may find by its signature
  void persist(Collection<LiveObject> objects, ObjectId top) {
    List<Change> changes = new ArrayList<>();
    for (LiveObject object : objects) {
      if (object.global()) {
        for (Member member : object.members()) {
          changes.add(layout.putSignature(member.instanceId(), member.signature(), member.id()));
        }
      } else if (object.id().equals(top)) {
        changes.add(layout.putSignature(object.instanceId(), object.signature(), object.id()));
      }
      changes.add(layout.putObject(object.id(), object.linked()));
    }
    commit(changes);
  }

  /// Publishes one field, if the object is persistent.
  void set(LiveObject object, String field, Json value) {
    if (object.persistent()) {
      commit(List.of(layout.putField(object.id(), field, value)));
    }
  }

  void putName(String name, ObjectId id) {
    commit(layout.putName(name, id));
  }

  void dropName(String name, ObjectId id) {
    commit(layout.dropName(name, id));
  }

  /// Withdraws those of some deleted objects that were persistent.
  void delete(Collection<LiveObject> objects) {
    List<Change> changes = new ArrayList<>();
    for (LiveObject object : objects) {
      if (object.persistent()) {
        changes.addAll(layout.deleteObject(object.id(), object.instanceId(), object.signature()));
      }
    }
    commit(changes);
  }

  private void commit(List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    try {
      store.commit(changes).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreException refused ? refused : e;
    }
  }
}
