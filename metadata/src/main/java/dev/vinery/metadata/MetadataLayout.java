package dev.vinery.metadata;

import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.StoreException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// How objects, names and signatures lie in a [MetadataStore], so that daemons of the reference
/// implementation can share it. Immutable.
///
/// An object is one key. Fields that are set later are keys of their own, and so are all fields of
/// a shallow copy of a persistent object: a reader puts them over the object.
///
/// Source: the reference implementation's `src/server/util/meta_tree.cc`.
public final class MetadataLayout {
  private static final System.Logger LOG = System.getLogger(MetadataLayout.class.getName());

  private final MetadataKeys keys;

  public MetadataLayout(MetadataKeys keys) {
    this.keys = keys;
  }

  /// Stores an object, which thereby is persistent: its field `transient` is stored as false.
  ///
  /// @param object as [StoredObject#of] wants it
  public Change putObject(ObjectId id, Metadata object) {
    var fields = new LinkedHashMap<String, Json>(object.fields().values());
    fields.put(Metadata.TRANSIENT, new Json.Flag(false));
    StoredObject stored = StoredObject.of(Metadata.of(Json.Fields.of(fields)));
    return new Change.Put(keys.data(id), JsonText.print(stored.encode()));
  }

  /// Sets one field of a stored object.
  ///
  /// @param value not a member
  public Change putField(ObjectId id, String field, Json value) {
    return new Change.Put(keys.field(id, field), JsonText.print(StoredObject.encodeValue(value)));
  }

  /// Lets links find an object by its signature.
  ///
  /// @param instanceId where the object lives
  /// @param signature all 64 bits
  public Change putSignature(long instanceId, long signature, ObjectId id) {
    return new Change.Put(
        keys.signature(instanceId, signature), JsonText.print(new Json.Text(id.toString())));
  }

  /// Names a stored object. The object shows the last name it was given, in its escaped form.
  public List<Change> putName(String name, ObjectId id) {
    return List.of(
        new Change.Put(keys.name(name), JsonText.print(Json.Whole.unsigned(id.value()))),
        putField(id, Metadata.NAME, new Json.Text(MetadataKeys.escape(name))));
  }

  /// Forgets a name.
  ///
  /// @param id the object that had the name
  public List<Change> dropName(String name, ObjectId id) {
    return List.of(
        new Change.Delete(keys.name(name)), new Change.Delete(keys.field(id, Metadata.NAME)));
  }

  /// Deletes an object with all that was stored for it, except its names, as upstream does.
  ///
  /// @param instanceId where the object lived
  /// @param signature all 64 bits
  public List<Change> deleteObject(ObjectId id, long instanceId, long signature) {
    return List.of(
        new Change.Delete(keys.data(id)),
        new Change.DeleteRange(keys.allFields(id)),
        new Change.Delete(keys.signature(instanceId, signature)));
  }

  /// Reads objects. Entries that are something else are passed over.
  ///
  /// What cannot be read is left out and logged. What has no type name is left out: upstream leaves
  /// single fields behind when it deletes an object.
  ///
  /// @param entries in ascending order of keys
  public SequencedMap<ObjectId, StoredObject> objects(List<Entry> entries) {
    var encoded = new LinkedHashMap<ObjectId, Map<String, Json>>();
    for (Entry entry : entries) {
      if (keys.parse(entry.key()).orElse(null) instanceof MetadataKeys.Place.Data key) {
        merge(encoded, key, entry);
      }
    }
    var objects = new LinkedHashMap<ObjectId, StoredObject>();
    encoded.forEach((id, fields) -> {
      if (fields.containsKey(Metadata.TYPE_NAME)) {
        decode(id, fields).ifPresent(object -> objects.put(id, object));
      }
    });
    return objects;
  }

  private static void merge(
      Map<ObjectId, Map<String, Json>> encoded, MetadataKeys.Place.Data key, Entry entry) {
    Json value;
    try {
      value = JsonText.parse(entry.value());
    } catch (ProtocolException e) {
      skip(entry.key(), e);
      return;
    }
    Map<String, Json> fields = encoded.computeIfAbsent(key.id(), _ -> new LinkedHashMap<>());
    if (key.field().isPresent()) {
      fields.put(key.field().get(), value);
    } else if (value instanceof Json.Fields object) {
      fields.putAll(object.values());
    } else {
      skip(entry.key(), new ProtocolException("an object must be a JSON object"));
    }
  }

  private Optional<StoredObject> decode(ObjectId id, Map<String, Json> fields) {
    try {
      return Optional.of(StoredObject.decode(Json.Fields.of(fields)));
    } catch (StoreException e) {
      skip(keys.data(id), e);
      return Optional.empty();
    }
  }

  private static void skip(String key, StoreException reason) {
    LOG.log(Level.WARNING, "unreadable metadata key={0} reason={1}", key, reason.getMessage());
  }

  /// Reads names. Entries that are something else are passed over; what cannot be read is left out
  /// and logged.
  public SequencedMap<String, ObjectId> names(List<Entry> entries) {
    var names = new LinkedHashMap<String, ObjectId>();
    for (Entry entry : entries) {
      if (keys.parse(entry.key()).orElse(null) instanceof MetadataKeys.Place.Name(var name)) {
        id(entry).ifPresent(id -> names.put(name, id));
      }
    }
    return names;
  }

  private static Optional<ObjectId> id(Entry entry) {
    try {
      return Optional.of(namedObject(entry.value()));
    } catch (ProtocolException e) {
      skip(entry.key(), e);
      return Optional.empty();
    }
  }

  /// Reads the value of a name's key.
  ///
  /// @throws ProtocolException if it does not stand for an object
  public static ObjectId namedObject(String value) {
    if (JsonText.parse(value) instanceof Json.Whole(var bits, _)) {
      return new ObjectId(bits);
    }
    throw new ProtocolException("a name must stand for a number");
  }

  /// Reads the value of a signature's key.
  ///
  /// @throws ProtocolException if it does not stand for an object
  public static ObjectId signedObject(String value) {
    if (JsonText.parse(value) instanceof Json.Text(var text) && ObjectId.isText(text)) {
      return ObjectId.parse(text);
    }
    throw new ProtocolException("a signature must stand for an object");
  }
}
