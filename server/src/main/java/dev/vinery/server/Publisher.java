package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataKeys;
import dev.vinery.metadata.MetadataLayout;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Stores the persistent metadata of one session, laid out as upstream's. Guarded by the store
/// lock.
final class Publisher {
  private final Commits commits;
  private final Replica replica;
  private final ObjectTable objects;
  private final MetadataLayout layout;

  /// Requests that wait for an object to be stored, by the objects that are being stored.
  private final Map<LiveObject, List<Answer.Later>> storing = new HashMap<>();

  /// Objects whose storing has failed. A store that did not answer may have stored them all the
  /// same, or do so yet.
  private final Set<LiveObject> doubtful = Collections.newSetFromMap(new WeakHashMap<>());

  /// Deletes that could not be stored.
  private final List<Change> owed = new ArrayList<>();

  private final List<ObjectId> owedIds = new ArrayList<>();

  Publisher(Commits commits, Replica replica, ObjectTable objects, MetadataKeys keys) {
    this.commits = commits;
    this.replica = replica;
    this.objects = objects;
    this.layout = new MetadataLayout(keys);
  }

  /// Defers an answer while an object is being stored for somebody else.
  ///
  /// @return null if it is not
  Answer.@Nullable Later whileStoring(LiveObject object) {
    List<Answer.Later> waiting = storing.get(object);
    if (waiting == null) {
      return null;
    }
    var later = new Answer.Later(() -> {});
    waiting.add(later);
    return later;
  }

  /// Publishes objects, which thereby become persistent.
  ///
  /// @param fresh members before owners
  /// @param top the object that was asked for, which others may find by its signature
  Answer persist(Collection<LiveObject> fresh, LiveObject top) {
    List<Change> changes = new ArrayList<>();
    for (LiveObject object : fresh) {
      if (object.global()) {
        changes.addAll(signaturesBelow(object));
      } else if (object == top) {
        changes.add(layout.putSignature(object.instanceId(), object.signature(), object.id()));
      }
      changes.add(layout.putObject(object.id(), object.linked()));
    }
    return store(fresh, changes, Reply.Done.PERSIST, Commits.Ended.IGNORED);
  }

  /// Publishes a copy of a persistent object, which its signature does not lead to.
  Answer persistCopy(LiveObject copy, Reply done, Commits.Ended ended) {
    return store(List.of(copy), putApart(copy), done, ended);
  }

  /// Stores an object that may have a name: the name apart, so that it can be dropped.
  private List<Change> putApart(LiveObject object) {
    Map<String, Json> fields = new LinkedHashMap<>(object.linked().fields().values());
    Json name = fields.remove(Metadata.NAME);
    List<Change> changes = new ArrayList<>();
    changes.add(layout.putObject(object.id(), Metadata.of(Json.Fields.of(fields))));
    if (name != null) {
      changes.add(layout.putField(object.id(), Metadata.NAME, name));
    }
    return changes;
  }

  private Answer store(
      Collection<LiveObject> fresh, List<Change> changes, Reply done, Commits.Ended ended) {
    fresh.forEach(object -> storing.computeIfAbsent(object, _ -> new ArrayList<>()));
    return commits.commit(
        changes,
        done,
        stored -> {
          if (stored) {
            doubtful.removeAll(fresh);
          } else {
            doubtful.addAll(fresh);
          }
          for (LiveObject object : fresh) {
            List<Answer.Later> waiting = storing.remove(object);
            if (waiting != null) {
              waiting.forEach(Answer.Later::come);
            }
          }
          ended.ended(stored);
        });
  }

  private Set<Change> signaturesBelow(LiveObject global) {
    return global.members().stream()
        .flatMap(member -> objects.allBelow(global, member).stream())
        .map(below -> layout.putSignature(below.instanceId(), below.signature(), below.id()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /// Publishes a field of a persistent object that is made of what it was before.
  Answer modify(ObjectId id, String field, Supplier<Json> value, Reply done) {
    return commits.modify(() -> List.of(layout.putField(id, field, value.get())), done);
  }

  Answer putName(String name, ObjectId id) {
    return commits.commit(layout.putName(name, id), Reply.Done.PUT_NAME, Commits.Ended.IGNORED);
  }

  Answer dropName(String name, ObjectId id) {
    return commits.commit(layout.dropName(name, id), Reply.Done.DROP_NAME, Commits.Ended.IGNORED);
  }

  /// Withdraws those of some deleted objects that are persistent, about to be, or perhaps stored.
  Answer delete(Collection<LiveObject> deleted, Reply done) {
    List<ObjectId> ids = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (LiveObject object : deleted) {
      if (object.persistent() || storing.containsKey(object) || doubtful.remove(object)) {
        ids.add(object.id());
        changes.addAll(layout.deleteObject(object.id(), object.instanceId(), object.signature()));
      }
    }
    if (changes.isEmpty()) {
      return Answer.now(done);
    }
    replica.deleting(ids);
    return delete(changes, ids, done);
  }

  private Answer delete(List<Change> changes, List<ObjectId> ids, Reply done) {
    return commits.commit(
        changes,
        done,
        stored -> {
          if (stored) {
            replica.deleted(ids);
          } else {
            owed.addAll(changes);
            owedIds.addAll(ids);
          }
        });
  }

  /// Stores again what the store has lost.
  void restore(Lost lost) {
    Set<LiveObject> signed = new HashSet<>(lost.signed());
    for (LiveObject object : lost.objects()) {
      List<Change> changes = new ArrayList<>();
      if (signed.contains(object)) {
        changes.add(layout.putSignature(object.instanceId(), object.signature(), object.id()));
      }
      changes.addAll(putApart(object));
      var _ = commits.commit(changes, Reply.Done.PERSIST, Commits.Ended.IGNORED);
    }
    lost.names().forEach(this::putName);
  }

  /// Has deleted what could not be deleted when it was asked for.
  void payOwed() {
    if (!owed.isEmpty()) {
      List<Change> changes = List.copyOf(owed);
      List<ObjectId> ids = List.copyOf(owedIds);
      owed.clear();
      owedIds.clear();
      var _ = delete(changes, ids, Reply.Done.DELETE);
    }
  }
}
