package dev.vinery.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What describes one object: plain fields, and members, which are objects or blobs themselves.
///
/// A field whose value is a JSON object is a member; there is no other marker. Structured values
/// (lists, maps) stand as text that holds JSON. Immutable; kept as bytes, as a tree, or as both,
/// with the id and the members once somebody has asked for them. Two threads may work the same out
/// at the same time, and come to the same.
///
/// Source: the reference implementation's `src/client/ds/object_meta.h`.
public final class Metadata {
  public static final String ID = "id";
  public static final String TYPE_NAME = "typename";
  public static final String INSTANCE_ID = "instance_id";
  public static final String SIGNATURE = "signature";
  public static final String TRANSIENT = "transient";
  public static final String GLOBAL = "global";
  public static final String SIZE_BYTES = "nbytes";
  public static final String LENGTH = "length";
  public static final String CREATED_MILLIS = "__timestamp";
  public static final String NAME = "__name";
  public static final String LABELS = "__labels";

  public static final String BLOB_TYPE = "vineyard::Blob";

  private byte @Nullable [] json;
  private Json.@Nullable Fields fields;
  private @Nullable ObjectId id;
  private volatile @Nullable SequencedMap<String, Metadata> members;

  private Metadata(byte @Nullable [] json, Json.@Nullable Fields fields) {
    this.json = json;
    this.fields = fields;
  }

  public static Metadata of(Json.Fields fields) {
    return new Metadata(null, fields);
  }

  /// Wraps a JSON object that the caller neither changes nor needs checked.
  public static Metadata ofJson(byte[] json) {
    return new Metadata(json, null);
  }

  /// Describes a blob as a member of an object.
  public static Metadata ofBlob(ObjectId id, long sizeBytes, long instanceId) {
    var fields = new LinkedHashMap<String, Json>();
    fields.put(ID, new Json.Text(id.toString()));
    fields.put(INSTANCE_ID, Json.Whole.unsigned(instanceId));
    fields.put(LENGTH, Json.Whole.signed(sizeBytes));
    fields.put(SIZE_BYTES, Json.Whole.signed(sizeBytes));
    fields.put(TRANSIENT, new Json.Flag(true));
    fields.put(TYPE_NAME, new Json.Text(BLOB_TYPE));
    return of(Json.Fields.owning(fields));
  }

  public static Builder builder(String typeName) {
    return new Builder().put(TYPE_NAME, typeName);
  }

  public Json.Fields fields() {
    Json.Fields tree = fields;
    if (tree == null) {
      tree = JsonText.parse(json()) instanceof Json.Fields parsed ? parsed : notAnObject();
      fields = tree;
    }
    return tree;
  }

  /// Returns the JSON text as bytes that must not be changed.
  public byte[] json() {
    byte[] bytes = json;
    if (bytes == null) {
      var out = new JsonWriter();
      out.value(fields());
      bytes = out.toByteArray();
      json = bytes;
    }
    return bytes;
  }

  /// The object's id, or [ObjectId#INVALID] before the daemon has given it one.
  public ObjectId id() {
    ObjectId known = id;
    if (known == null) {
      known = fields().has(ID) ? ObjectId.parse(fields().text(ID)) : ObjectId.INVALID;
      id = known;
    }
    return known;
  }

  public String typeName() {
    return fields().text(TYPE_NAME);
  }

  public long instanceId() {
    return fields().whole(INSTANCE_ID, InstanceId.UNSPECIFIED);
  }

  public boolean isBlob() {
    return isBlob(id());
  }

  /// Whether metadata with this id describes a blob.
  public static boolean isBlob(ObjectId id) {
    return id.isBlob() && !id.equals(ObjectId.INVALID);
  }

  public boolean isTransient() {
    return fields().flag(TRANSIENT, true);
  }

  public boolean isGlobal() {
    return fields().flag(GLOBAL, false);
  }

  public boolean has(String name) {
    return fields().has(name);
  }

  public String text(String name) {
    return fields().text(name);
  }

  public long whole(String name) {
    return fields().whole(name);
  }

  /// Reads JSON that stands as text in a field, for example a shape.
  public Json structured(String name) {
    return JsonText.parse(text(name));
  }

  public Metadata member(String name) {
    Metadata member = knownMembers().get(name);
    return member == null ? of(fields().fields(name)) : member; // else says what is wrong
  }

  public Optional<Metadata> findMember(String name) {
    return Optional.ofNullable(knownMembers().get(name));
  }

  /// Returns the members in the order of the fields.
  public SequencedMap<String, Metadata> members() {
    return Collections.unmodifiableSequencedMap(knownMembers());
  }

  private SequencedMap<String, Metadata> knownMembers() {
    SequencedMap<String, Metadata> known = members;
    if (known == null) {
      known = new LinkedHashMap<>();
      for (Map.Entry<String, Json> field : fields().values().entrySet()) {
        if (field.getValue() instanceof Json.Fields member) {
          known.put(field.getKey(), of(member));
        }
      }
      members = known;
    }
    return known;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Metadata that && fields().equals(that.fields());
  }

  @Override
  public int hashCode() {
    return fields().hashCode();
  }

  @Override
  public String toString() {
    return JsonText.print(fields());
  }

  private static Json.Fields notAnObject() {
    throw new ProtocolException("metadata must be an object");
  }

  /// Collects the fields of one object. Confined to one thread.
  public static final class Builder {
    private final LinkedHashMap<String, Json> fields = new LinkedHashMap<>();

    private Builder() {}

    public Builder put(String name, Json value) {
      fields.put(name, value);
      return this;
    }

    public Builder put(String name, String value) {
      return put(name, new Json.Text(value));
    }

    public Builder put(String name, long value) {
      return put(name, Json.Whole.signed(value));
    }

    public Builder put(String name, double value) {
      return put(name, new Json.Real(value));
    }

    public Builder put(String name, boolean value) {
      return put(name, new Json.Flag(value));
    }

    public Builder put(String name, Metadata member) {
      return put(name, member.fields());
    }

    /// Adds a structured value as JSON text in a string.
    public Builder putStructured(String name, Json value) {
      return put(name, JsonText.print(value));
    }

    public Metadata build() {
      return of(Json.Fields.of(fields));
    }
  }
}
