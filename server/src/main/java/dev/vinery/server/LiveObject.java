package dev.vinery.server;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The metadata of one object, kept as it is answered: the fields that the daemon looks at apart,
/// all others as the bytes of their JSON text, and members by id.
///
/// A reply splices those bytes; nothing is parsed to read an object. A million of these stand in
/// one heap. Guarded by the store lock.
final class LiveObject {
  /// Fields that are kept apart from the text.
  private static final Set<String> APART =
      Set.of(
          Metadata.CREATED_MILLIS,
          Metadata.ID,
          Metadata.INSTANCE_ID,
          Metadata.SIGNATURE,
          Metadata.TRANSIENT,
          Metadata.TYPE_NAME);

  /// About how many bytes the fields take that are kept apart, without the type name.
  private static final int APART_BYTES = 160;

  private final long id;
  private final long signature;
  private final long instanceId;
  private final long createdMillis;
  private final String typeName;
  private final Member[] members;
  private final boolean global;
  private final short depth;
  private final int expandedBytes;
  private byte[] plainFields;
  private boolean persistent;
  private @Nullable Owners owners;

  /// @param createdMillis milliseconds since 1970, or 0 for none
  /// @param plain all fields but members and those kept apart
  /// @param depth how many levels of members are below
  /// @param membersBytes how many bytes the members take when the object is read
  LiveObject(
      ObjectId id,
      long signature,
      long instanceId,
      long createdMillis,
      String typeName,
      boolean persistent,
      Map<String, Json> plain,
      List<Member> members,
      int depth,
      long membersBytes) {
    this.id = id.value();
    this.signature = signature;
    this.instanceId = instanceId;
    this.createdMillis = createdMillis;
    this.typeName = typeName;
    this.persistent = persistent;
    this.members = members.toArray(Member[]::new);
    this.global = plain.get(Metadata.GLOBAL) instanceof Json.Flag(var value) && value;
    this.depth = (short) depth;
    this.plainFields = print(plain);
    this.expandedBytes =
        (int)
            Math.min(
                Integer.MAX_VALUE,
                membersBytes + plainFields.length + APART_BYTES + typeName.length());
  }

  static boolean keptApart(String field) {
    return APART.contains(field);
  }

  ObjectId id() {
    return new ObjectId(id);
  }

  long signature() {
    return signature;
  }

  long instanceId() {
    return instanceId;
  }

  long createdMillis() {
    return createdMillis;
  }

  String typeName() {
    return typeName;
  }

  boolean global() {
    return global;
  }

  boolean persistent() {
    return persistent;
  }

  void persist() {
    persistent = true;
  }

  /// Notes that others have deleted what was stored of the object.
  void withdraw() {
    persistent = false;
  }

  int depth() {
    return depth;
  }

  int expandedBytes() {
    return expandedBytes;
  }

  List<Member> members() {
    return Arrays.asList(members);
  }

  int memberCount() {
    return members.length;
  }

  Member member(int index) {
    return members[index];
  }

  boolean hasOwners() {
    return owners != null;
  }

  Owners owners() {
    return owners == null ? Owners.NONE : owners;
  }

  void addOwner(LiveObject object) {
    owners = owners().plus(object);
  }

  void removeOwner(LiveObject object) {
    Owners rest = owners().minus(object);
    owners = rest.isEmpty() ? null : rest;
  }

  /// Returns a copy of the fields that are neither members nor kept apart.
  Map<String, Json> plain() {
    byte[] text = new byte[plainFields.length + 2];
    text[0] = '{';
    System.arraycopy(plainFields, 0, text, 1, plainFields.length);
    text[text.length - 1] = '}';
    return new LinkedHashMap<>(((Json.Fields) JsonText.parse(text)).values());
  }

  /// Adds or replaces one plain field.
  void set(String field, Json value) {
    Map<String, Json> plain = plain();
    plain.put(field, value);
    plainFields = print(plain);
  }

  void unset(String field) {
    Map<String, Json> plain = plain();
    plain.remove(field);
    plainFields = print(plain);
  }

  /// Prints all fields but the members, without the closing brace.
  void print(JsonWriter out) {
    out.beginObject();
    if (createdMillis != 0) {
      out.field(Metadata.CREATED_MILLIS, createdMillis);
    }
    out.field(Metadata.ID, id().toString())
        .field(Metadata.INSTANCE_ID, instanceId)
        .field(Metadata.SIGNATURE, signature)
        .field(Metadata.TRANSIENT, !persistent)
        .field(Metadata.TYPE_NAME, typeName);
    if (plainFields.length > 0) {
      out.raw(plainFields);
    }
  }

  /// Returns the object with members that only say who they are.
  Metadata linked() {
    var out = new JsonWriter();
    print(out);
    for (Member member : members) {
      out.name(member.name())
          .beginObject()
          .field(Metadata.ID, member.id().toString())
          .field(Metadata.INSTANCE_ID, member.instanceId())
          .field(Metadata.SIGNATURE, member.signature())
          .field(Metadata.TYPE_NAME, member.typeName())
          .endObject();
    }
    out.endObject();
    return Metadata.ofJson(out.toByteArray());
  }

  /// Whether another object with the same id says the same.
  boolean sameAs(LiveObject other) {
    return signature == other.signature
        && instanceId == other.instanceId
        && createdMillis == other.createdMillis
        && typeName.equals(other.typeName)
        && Arrays.equals(members, other.members)
        && plain().equals(other.plain());
  }

  private static byte[] print(Map<String, Json> plain) {
    var out = new JsonWriter();
    out.beginObject();
    for (Map.Entry<String, Json> field : plain.entrySet()) {
      out.name(field.getKey()).value(field.getValue());
    }
    return Arrays.copyOfRange(out.array(), 1, out.sizeBytes()); // what is between the braces
  }
}
