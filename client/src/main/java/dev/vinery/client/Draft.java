package dev.vinery.client;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.ObjectId;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// What an object will be, before it is stored: its fields, its members, and how the bytes of its
/// blobs come about. A draft that is a member in several places is stored once. Immutable.
public sealed interface Draft {
  /// An object or a blob that the daemon has already.
  record Existing(ObjectId id) implements Draft {}

  /// A blob to be made.
  ///
  /// @param sizeBytes its length, at least 0
  /// @param content writes all its bytes into memory of that length, whose first contents are
  ///   undefined; called at most once, and not at all if there are no bytes
  record OfBlob(long sizeBytes, Consumer<MemorySegment> content) implements Draft {
    public OfBlob {
      if (sizeBytes < 0) {
        throw new IllegalArgumentException("size of a blob must not be negative: " + sizeBytes);
      }
    }
  }

  /// An object to be made.
  final class OfObject implements Draft {
    private final String typeName;
    private final SequencedMap<String, Json> fields;
    private final SequencedMap<String, Draft> members;

    private OfObject(Builder builder) {
      this.typeName = builder.typeName;
      this.fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(builder.fields));
      this.members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(builder.members));
    }

    public String typeName() {
      return typeName;
    }

    /// The plain fields, without the type name.
    public SequencedMap<String, Json> fields() {
      return fields;
    }

    public SequencedMap<String, Draft> members() {
      return members;
    }
  }

  /// Begins the draft of an object.
  static Builder object(String typeName) {
    return new Builder(typeName);
  }

  /// The draft of a blob that is a copy of these bytes, which must not change before it is stored.
  static Draft blob(MemorySegment bytes) {
    return new OfBlob(bytes.byteSize(), memory -> memory.copyFrom(bytes));
  }

  /// Collects what makes one object. Confined to one thread.
  final class Builder {
    private final String typeName;
    private final SequencedMap<String, Json> fields = new LinkedHashMap<>();
    private final SequencedMap<String, Draft> members = new LinkedHashMap<>();

    private Builder(String typeName) {
      this.typeName = typeName;
    }

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

    public Builder put(String name, boolean value) {
      return put(name, new Json.Flag(value));
    }

    /// Adds a list or a map as JSON text in a string, the only form in which metadata holds one.
    public Builder putStructured(String name, Json value) {
      return put(name, JsonText.print(value));
    }

    public Builder member(String name, Draft member) {
      members.put(name, member);
      return this;
    }

    public OfObject build() {
      return new OfObject(this);
    }
  }
}
