package dev.vinery.metadata;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// An object as the back end keeps it: plain fields, and links in the place of members. Immutable.
///
/// Encoded it is one flat JSON object: a string that is a plain value is prefixed with `v`, a link
/// with `l`; numbers, booleans, null and arrays stand as they are. There is no `id`: that is in the
/// key.
///
/// @param fields the plain fields, without members and without `id`
public record StoredObject(Json.Fields fields, SequencedMap<String, Link> members) {
  private static final char VALUE = 'v';
  private static final char LINK = 'l';

  /// Takes a copy of `members`.
  public StoredObject {
    members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(members));
  }

  /// Puts links in the place of an object's members.
  ///
  /// @param object its members have `typename`, and `id`, or `signature` if the object is global;
  ///   blobs have `instance_id`. Nothing else of them counts
  /// @throws ProtocolException if a member lacks one of these
  public static StoredObject of(Metadata object) {
    var fields = new LinkedHashMap<String, Json>(object.fields().values());
    fields.remove(Metadata.ID);
    var members = new LinkedHashMap<String, Link>();
    boolean global = object.isGlobal();
    object
        .members()
        .forEach((name, member) -> {
          fields.remove(name);
          members.put(name, Link.to(member, global));
        });
    return new StoredObject(Json.Fields.of(fields), members);
  }

  /// Returns the JSON object to store, its fields in ascending order of their bytes.
  public Json.Fields encode() {
    Map<String, Json> encoded = new TreeMap<>(CodePointOrder.INSTANCE);
    fields.values().forEach((name, value) -> encoded.put(name, encodeValue(value)));
    members.forEach((name, link) -> encoded.put(name, new Json.Text(LINK + link.text())));
    return Json.Fields.of(encoded);
  }

  /// Encodes a plain value.
  static Json encodeValue(Json value) {
    return switch (value) {
      case Json.Text(var text) -> new Json.Text(VALUE + text);
      case Json.Fields member ->
          throw new IllegalArgumentException("a member is no plain value: " + member);
      case Json.Whole _, Json.Real _, Json.Flag _, Json.Null _, Json.Items _ -> value;
    };
  }

  /// Reads what [#encode()] returns; upstream's daemons write the same.
  ///
  /// @throws StoreException with status [Status#META_TREE_TYPE_INVALID] if a string has no prefix
  ///   or a field is an object; with [Status#META_TREE_LINK_INVALID] if a link is none
  public static StoredObject decode(Json.Fields encoded) {
    var fields = new LinkedHashMap<String, Json>();
    var members = new LinkedHashMap<String, Link>();
    encoded
        .values()
        .forEach((name, value) -> {
          switch (value) {
            case Json.Text(var text) when prefix(text) == VALUE ->
                fields.put(name, new Json.Text(text.substring(1)));
            case Json.Text(var text) when prefix(text) == LINK ->
                members.put(name, Link.parse(text.substring(1)));
            case Json.Text _, Json.Fields _ ->
                throw new StoreException(
                    Status.META_TREE_TYPE_INVALID,
                    "field '" + name + "' is neither a value nor a link");
            case Json.Whole _, Json.Real _, Json.Flag _, Json.Null _, Json.Items _ ->
                fields.put(name, value);
          }
        });
    return new StoredObject(Json.Fields.of(fields), members);
  }

  /// Returns a character that is no prefix if the text is empty.
  private static char prefix(String text) {
    return text.isEmpty() ? 0 : text.charAt(0);
  }
}
