package dev.vinery.server;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Metadata and the objects it describes. Answers [ObjectRequest]s, except for those that read.
/// Guarded by the store lock.
final class ObjectHandler {
  private final ObjectTable objects;
  private final BlobTable blobs;
  private final IdGenerator ids;
  private final InstantSource clock;
  private final Publisher publisher;
  private final Waits<ObjectId> waits;

  ObjectHandler(
      ObjectTable objects,
      BlobTable blobs,
      IdGenerator ids,
      InstantSource clock,
      Publisher publisher,
      Waits<ObjectId> waits) {
    this.objects = objects;
    this.blobs = blobs;
    this.ids = ids;
    this.clock = clock;
    this.publisher = publisher;
    this.waits = waits;
  }

  Answer handle(ObjectRequest request, Peer peer) {
    return switch (request) {
      case ObjectRequest.Create(var content) -> Answer.now(create(content));
      case ObjectRequest.CreateMany(var contents) -> Answer.now(createMany(contents));
      case ObjectRequest.Exists(var id) -> Answer.now(new ObjectReply.Exists(objects.exists(id)));
      case ObjectRequest.Persist(var id) -> persist(id);
      case ObjectRequest.IsPersistent(var id) ->
          Answer.now(new ObjectReply.IsPersistent(!id.isBlob() && get(id).persistent()));
      case ObjectRequest.Label(var id, var keys, var values) -> label(id, keys, values);
      case ObjectRequest.Copy(var id, var extra) -> copy(id, extra);
      case ObjectRequest.Delete delete -> delete(delete, peer);
      case ObjectRequest.Clear() -> clear(peer);
      case ObjectRequest.Get _, ObjectRequest.Find _, ObjectRequest.Migrate _ ->
          throw new AssertionError("answered by others");
    };
  }

  private Reply create(Json content) {
    return new ObjectReply.Created(createAll(List.of(content)).getFirst());
  }

  private Reply createMany(List<Json> contents) {
    return new ObjectReply.CreatedMany(createAll(contents));
  }

  private List<ObjectReply.Identity> createAll(List<Json> contents) {
    Planned planned = plan(contents, List.of());
    add(planned);
    List<ObjectReply.Identity> identities = new ArrayList<>(contents.size());
    for (LiveObject object : planned.tops()) {
      identities.add(
          new ObjectReply.Identity(object.id(), object.signature(), object.instanceId()));
    }
    return identities;
  }

  /// Objects that are checked and not made yet.
  ///
  /// @param all members before owners
  /// @param tops one for each tree
  record Planned(Iterable<LiveObject> all, List<LiveObject> tops) {}

  /// Checks trees and says which objects they make. Nothing is changed.
  ///
  /// @param blobs what the trees can name by its index, and will be there when the objects are
  Planned plan(List<Json> contents, List<ObjectId> blobs) {
    var plan = new ObjectPlan(objects, ids, clock.millis(), blobs);
    List<LiveObject> tops = new ArrayList<>(contents.size());
    for (Json content : contents) {
      tops.add(plan.add(content));
    }
    return new Planned(plan.objects(), tops);
  }

  void add(Planned planned) {
    planned.all().forEach(this::add);
  }

  /// Enters an object, and wakes who waits for it.
  void add(LiveObject object) {
    objects.add(object);
    waits.come(object.id());
  }

  Answer persist(ObjectId id) {
    if (id.isBlob()) {
      throw new StoreException(Status.ASSERTION_FAILED, "a blob cannot be persisted: " + id);
    }
    LiveObject top = get(id);
    Answer.Later stored = publisher.whileStoring(top);
    if (stored != null) {
      return stored;
    }
    Set<LiveObject> fresh = new LinkedHashSet<>();
    collectTransient(top, fresh);
    return fresh.isEmpty() ? Answer.now(Reply.Done.PERSIST) : publisher.persist(fresh, top);
  }

  /// Members come before their owners.
  private void collectTransient(LiveObject object, Set<LiveObject> fresh) {
    if (object.persistent() || fresh.contains(object)) {
      return;
    }
    for (Member member : object.members()) {
      LiveObject below = member.id().isBlob() ? null : objects.below(object, member);
      if (below != null) {
        collectTransient(below, fresh);
      }
    }
    fresh.add(object);
  }

  private Answer label(ObjectId id, List<String> keys, List<String> values) {
    if (id.isBlob()) {
      return Answer.now(Reply.Done.LABEL);
    }
    LiveObject object = labelled(id);
    Answer.Later stored = publisher.whileStoring(object);
    if (stored != null) {
      return stored; // what is being stored are the labels of before
    }
    if (object.persistent()) {
      return publisher.modify(
          id, Metadata.LABELS, () -> merged(labelled(id), keys, values), Reply.Done.LABEL);
    }
    object.set(Metadata.LABELS, merged(object, keys, values));
    objects.index().changed(object);
    return Answer.now(Reply.Done.LABEL);
  }

  private LiveObject labelled(ObjectId id) {
    LiveObject object = objects.find(id);
    if (object == null) {
      throw new ObjectNotFoundException("no object has the id " + id);
    }
    return object;
  }

  private static Json merged(LiveObject object, List<String> keys, List<String> values) {
    Map<String, Json> labels = labelsOf(object);
    for (int i = 0; i < keys.size(); i++) {
      labels.put(keys.get(i), new Json.Text(values.get(i)));
    }
    return new Json.Text(JsonText.print(Json.Fields.of(labels)));
  }

  /// Returns a copy of the labels. What a client has put in their place counts if it is such.
  private static Map<String, Json> labelsOf(LiveObject object) {
    try {
      if (object.plain().get(Metadata.LABELS) instanceof Json.Text(var text)
          && JsonText.parse(text) instanceof Json.Fields labels) {
        return new LinkedHashMap<>(labels.values());
      }
    } catch (ProtocolException noJson) {
      // Then there are no labels.
    }
    return new LinkedHashMap<>();
  }

  private Answer copy(ObjectId id, Json extra) {
    if (id.isBlob()) {
      throw new StoreException(Status.ASSERTION_FAILED, "a blob cannot be copied: " + id);
    }
    LiveObject source = get(id);
    if (!(extra instanceof Json.Fields fields)
        || fields.values().values().stream().anyMatch(ObjectHandler::isStructured)) {
      throw new StoreException(
          Status.ASSERTION_FAILED, "what a copy adds must be strings, numbers, booleans or null");
    }
    Map<String, Json> plain = source.plain();
    fields.values().forEach(plain::put);
    plain.keySet().removeIf(LiveObject::keptApart);
    LiveObject copy =
        new LiveObject(
            objects.freshId(ids),
            fields.whole(Metadata.SIGNATURE, source.signature()),
            fields.whole(Metadata.INSTANCE_ID, source.instanceId()),
            fields.whole(Metadata.CREATED_MILLIS, source.createdMillis()),
            objects.shared(fields.text(Metadata.TYPE_NAME, source.typeName())),
            false,
            plain,
            source.members().stream().filter(member -> !fields.has(member.name())).toList(),
            source.depth(),
            source.expandedBytes());
    add(copy);
    Reply copied = new ObjectReply.Copied(copy.id());
    boolean persistent = !fields.flag(Metadata.TRANSIENT, !source.persistent());
    return persistent
        ? publisher.persistCopy(copy, copied, stored -> withdrawUnless(stored, copy))
        : Answer.now(copied);
  }

  private void withdrawUnless(boolean stored, LiveObject copy) {
    if (!stored) {
      var _ = discard(List.of(copy.id()));
    }
  }

  private static boolean isStructured(Json value) {
    return value instanceof Json.Items || value instanceof Json.Fields;
  }

  private Answer delete(ObjectRequest.Delete request, Peer peer) {
    if (request.fastpath()) {
      return Answer.now(deleteBlobs(request, peer));
    }
    var deletion = new Deletion(objects, blobs);
    deletion.select(request.ids(), request.force(), request.deep());
    Reply done =
        request.feedback()
            ? new ObjectReply.Deleted(deletion.blobs().stream().map(Blob::id).toList())
            : Reply.Done.DELETE;
    Answer answer = apply(deletion, done);
    deletion.blobs().forEach(peer::forget);
    return answer;
  }

  private Reply deleteBlobs(ObjectRequest.Delete request, Peer peer) {
    for (ObjectId id : request.ids()) {
      if (!id.isBlob()) {
        throw new StoreException(
            Status.ASSERTION_FAILED, "only blobs can be deleted on the fast path, not " + id);
      }
    }
    for (ObjectId id : request.ids()) {
      Blob blob = blobs.find(id);
      if (blob != null) {
        blobs.delete(blob);
        peer.forget(blob);
      }
    }
    return request.feedback() ? new ObjectReply.Deleted(request.ids()) : Reply.Done.DELETE;
  }

  private Answer clear(Peer peer) {
    List<ObjectId> everything = new ArrayList<>();
    objects.all().values().forEach(object -> everything.add(object.id()));
    blobs.all().values().forEach(blob -> everything.add(blob.id()));
    var deletion = new Deletion(objects, blobs);
    deletion.select(everything, true, true);
    Answer answer = apply(deletion, Reply.Done.CLEAR);
    deletion.blobs().forEach(peer::forget);
    return answer;
  }

  /// Deletes objects and blobs that nothing has as a member, and what only they have. Unknown ids
  /// are passed over. Nobody waits until what was stored of them is deleted, too.
  ///
  /// @return the blobs that are gone; who reads them still does
  Set<Blob> discard(Collection<ObjectId> ids) {
    var deletion = new Deletion(objects, blobs);
    deletion.select(ids, false, true);
    var _ = apply(deletion, Reply.Done.DELETE);
    return deletion.blobs();
  }

  /// Deletes here at once, and then what was stored.
  private Answer apply(Deletion deletion, Reply done) {
    deletion.objects().forEach(objects::remove);
    deletion.blobs().forEach(blobs::delete);
    return publisher.delete(deletion.objects(), done);
  }

  private LiveObject get(ObjectId id) {
    LiveObject object = objects.find(id);
    if (object == null) {
      throw new StoreException(Status.META_TREE_SUBTREE_NOT_EXISTS, "no object has the id " + id);
    }
    return object;
  }
}
