package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.Link;
import dev.vinery.metadata.MetadataKeys;
import dev.vinery.metadata.MetadataKeys.Place;
import dev.vinery.metadata.MetadataLayout;
import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.metadata.StoredObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Changes the tables of a session as its metadata store has changed: the only way in which objects
/// become persistent, names are bound, and what other daemons do is seen here.
///
/// A change that the tables show already does nothing. One that cannot be read is logged and passed
/// over: anybody may write to a shared store. Guarded by the store lock.
///
/// Source of the order within a revision: the reference implementation's
/// `src/server/services/meta_service.cc`.
final class Replica {
  private static final Logger log = System.getLogger(Replica.class.getName());

  private final MetadataKeys keys;
  private final ObjectTable objects;
  private final BlobTable blobs;
  private final NameTable names;
  private final Waits<ObjectId> objectWaits;
  private final @Nullable Instances instances;
  private final StoredObjects storedObjects;

  /// Objects that are deleted here while the store may still tell of them.
  private final Set<ObjectId> deleting = new HashSet<>();

  /// @param instances the daemons that share the store; null if there is none but this one
  Replica(
      MetadataKeys keys,
      ObjectTable objects,
      BlobTable blobs,
      NameTable names,
      Waits<ObjectId> objectWaits,
      @Nullable Instances instances) {
    this.keys = keys;
    this.objects = objects;
    this.blobs = blobs;
    this.names = names;
    this.objectWaits = objectWaits;
    this.instances = instances;
    this.storedObjects = new StoredObjects(objects);
  }

  /// Hides what the store tells of an object, until [#deleted].
  void deleting(Collection<ObjectId> ids) {
    deleting.addAll(ids);
  }

  void deleted(Collection<ObjectId> ids) {
    deleting.removeAll(ids);
  }

  /// Brings the tables to what a listing shows, whatever they have shown before.
  ///
  /// @param entries all of the session
  /// @param intact whether what is not listed was deleted; otherwise it may have been lost, and
  ///   what this daemon has stored stays in the tables
  /// @return what was lost of that
  Lost reconcile(List<Entry> entries, boolean intact) {
    Set<ObjectId> stored = new HashSet<>();
    Set<String> storedNames = new HashSet<>();
    List<@Nullable Place> places = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      Place place = keys.parse(entry.key()).orElse(null);
      places.add(place);
      switch (place) {
        case Place.Data(var id, var field)
            when field.orElse(Metadata.TYPE_NAME).equals(Metadata.TYPE_NAME) ->
            stored.add(id);
        case Place.Name(var name) -> storedNames.add(name);
        case null, default -> {}
      }
    }
    Lost lost = intact ? Lost.NOTHING : lost(stored, storedNames);
    withdrawOthers(stored, lost);
    names.forEach((name, id) -> {
      if (!storedNames.contains(name) && !lost.names().containsKey(name)) {
        names.unbind(name);
      }
    });
    objects.forgetSignatures();
    if (instances != null) {
      instances.clear();
    }
    var revision = new Revision();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      revision.add(places.get(i), new Change.Put(entry.key(), entry.value()));
    }
    revision.finish();
    return lost;
  }

  /// What this daemon has stored, and is not stored.
  private Lost lost(Set<ObjectId> stored, Set<String> storedNames) {
    List<LiveObject> own = new ArrayList<>();
    for (LiveObject object : objects.all().values()) {
      if (object.persistent() && objects.isOwn(object) && !stored.contains(object.id())) {
        own.add(object);
      }
    }
    own.sort(Comparator.comparingInt(LiveObject::depth));
    Map<String, ObjectId> ownNames = new LinkedHashMap<>();
    names.forEach((name, id) -> {
      LiveObject object = objects.find(id);
      if (object != null && objects.isOwn(object) && !storedNames.contains(name)) {
        ownNames.put(name, id);
      }
    });
    return new Lost(own, own.stream().filter(objects::isSigned).toList(), ownNames);
  }

  private void withdrawOthers(Set<ObjectId> stored, Lost lost) {
    var revision = new Revision();
    Set<LiveObject> kept = new HashSet<>(lost.objects());
    for (LiveObject object : objects.all().values()) {
      if (object.persistent() && !stored.contains(object.id()) && !kept.contains(object)) {
        revision.deletedObjects.add(object.id());
      }
    }
    revision.finish();
  }

  /// Does what one revision has changed.
  void apply(List<? extends Change> changes) {
    var revision = new Revision();
    for (Change change : changes) {
      if (change instanceof Change.OfKey ofKey) {
        revision.add(keys.parse(ofKey.key()).orElse(null), ofKey);
      }
    }
    revision.finish();
  }

  private static void skip(String key, StoreException reason) {
    log.log(Level.WARNING, "unreadable metadata: key={0}: {1}", key, reason.detail());
  }

  /// One revision on its way into the tables: puts first, signatures before objects, members before
  /// owners; then deletes, the other way round.
  private final class Revision {
    /// Objects that are put as a whole, or in parts, or both: then the parts lie over the whole.
    private final SequencedMap<ObjectId, Json.Fields> putWhole = new LinkedHashMap<>();

    private final SequencedMap<ObjectId, Map<String, Json>> putFields = new LinkedHashMap<>();
    private final Set<ObjectId> inProgress = new HashSet<>();
    private final Set<ObjectId> deletedObjects = new LinkedHashSet<>();
    private final List<Place.Signature> deletedSignatures = new ArrayList<>();

    /// @param place what the key stands for; null for nothing
    void add(@Nullable Place place, Change.OfKey change) {
      if (place == null) {
        return;
      }
      try {
        switch (change) {
          case Change.Put(_, var value) -> put(place, value);
          case Change.Delete _ -> delete(place);
        }
      } catch (StoreException unreadable) {
        skip(change.key(), unreadable);
      }
    }

    private void put(Place place, String value) {
      switch (place) {
        case Place.Data(var id, var field) -> {
          if (field.isPresent()) {
            Json parsed = JsonText.parse(value);
            putFields.computeIfAbsent(id, _ -> new LinkedHashMap<>()).put(field.get(), parsed);
          } else {
            putObject(id, value);
          }
        }
        case Place.Signature(var instanceId, var signature) -> {
          if (instances != null) {
            objects.putSignature(signature, instanceId, MetadataLayout.signedObject(value));
          }
        }
        case Place.Name(var name) -> names.bind(name, MetadataLayout.namedObject(value));
        case Place.Instance(var id, var field) -> {
          if (instances != null) {
            instances.put(id, field, JsonText.parse(value));
          }
        }
      }
    }

    private void putObject(ObjectId id, String value) {
      LiveObject known = objects.find(id);
      if (known != null && !known.persistent()) {
        known.persist(); // an echo: what others store, they have made persistent
        objects.index().changed(known);
      } else if (JsonText.parse(value) instanceof Json.Fields whole) {
        putWhole.put(id, whole);
      } else {
        throw new ProtocolException("an object must be a JSON object");
      }
    }

    private void delete(Place place) {
      switch (place) {
        case Place.Data(var id, var field) -> {
          if (field.isEmpty() || !Metadata.NAME.equals(field.get())) {
            deletedObjects.add(id); // as upstream: objects may be stored field by field
          } else {
            unname(id);
          }
        }
        case Place.Signature signature -> deletedSignatures.add(signature);
        case Place.Name(var name) -> names.unbind(name);
        case Place.Instance(var id, var field) -> {
          if (instances != null) {
            instances.remove(id, field);
          }
        }
      }
    }

    private void unname(ObjectId id) {
      LiveObject object = objects.find(id);
      if (object != null) {
        object.unset(Metadata.NAME);
        objects.index().changed(object);
      }
    }

    void finish() {
      putWhole.keySet().forEach(this::store);
      putFields.keySet().forEach(this::store);
      if (!deletedObjects.isEmpty()) {
        withdraw();
      }
      for (Place.Signature deleted : deletedSignatures) {
        objects.removeSignature(deleted.signature(), deleted.instanceId());
      }
    }

    private void store(ObjectId id) {
      Json.Fields encoded = put(id);
      if (encoded == null || deleting.contains(id) || !inProgress.add(id)) {
        return;
      }
      try {
        StoredObject stored = StoredObject.decode(encoded);
        LiveObject known = objects.find(id);
        if (known == null) {
          if (stored.fields().has(Metadata.TYPE_NAME)) {
            storeMembers(stored);
            add(storedObjects.read(id, stored));
          }
        } else if (!putWhole.containsKey(id)) {
          setFields(known, stored);
        } else if (!objects.isHere(known)) {
          storeMembers(stored);
          replace(known, storedObjects.read(id, stored));
        }
      } catch (StoreException unreadable) {
        skip(keys.data(id), unreadable);
      }
    }

    /// What is put of an object; null if nothing is.
    private Json.@Nullable Fields put(ObjectId id) {
      Json.Fields whole = putWhole.get(id);
      Map<String, Json> parts = putFields.get(id);
      if (parts == null) {
        return whole;
      }
      Map<String, Json> both = new LinkedHashMap<>();
      if (whole != null) {
        both.putAll(whole.values());
      }
      both.putAll(parts);
      return Json.Fields.of(both);
    }

    /// Members come first, so that their owners know them.
    private void storeMembers(StoredObject stored) {
      if (inProgress.size() > ObjectPlan.MAX_DEPTH) {
        return; // what is so deep is linked when its members come
      }
      stored
          .members()
          .values()
          .forEach(link -> {
            if (link instanceof Link.ById(var id, _, _)) {
              store(id);
            } else if (link instanceof Link.BySignature(var signature, _, _)) {
              objects.bearers(signature).forEach(this::store);
            }
          });
    }

    private void add(LiveObject object) {
      objects.add(object);
      objectWaits.come(object.id());
    }

    private void replace(LiveObject known, LiveObject stored) {
      if (!known.sameAs(stored)) {
        objects.replace(known, stored);
      }
    }

    private void setFields(LiveObject object, StoredObject stored) {
      stored
          .fields()
          .values()
          .forEach((name, value) -> {
            if (!LiveObject.keptApart(name)) {
              object.set(name, value);
            }
          });
      objects.index().changed(object);
    }

    private void withdraw() {
      List<LiveObject> gone = new ArrayList<>();
      for (ObjectId id : deletedObjects) {
        LiveObject object = objects.find(id);
        if (object != null && object.persistent()) {
          gone.add(object);
        }
      }
      var deletion = new Deletion(objects, blobs);
      for (LiveObject kept : deletion.selectDeletedElsewhere(gone)) {
        kept.withdraw();
        objects.index().changed(kept);
      }
      deletion.objects().forEach(objects::remove);
      deletion.blobs().forEach(blobs::delete);
    }
  }
}
