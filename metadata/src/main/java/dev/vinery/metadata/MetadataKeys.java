package dev.vinery.metadata;

import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.ObjectId;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/// The keys under which one session keeps its metadata. Immutable.
///
/// ```
/// <root> = <prefix>/S<session, 16 hex digits>
/// <root>/data/o<id, 16 hex digits>              an object
/// <root>/data/o<id>/<field>                     one field of an object, put over it
/// <root>/signatures/i<instance>/s<16 hex>       the object with that signature there
/// <root>/names/<name>                           the object with that name
/// <root>/instances/i<instance>/<field>          a daemon
/// <root>/next_instance_id                       the number of the next daemon to come
/// <root>/meta_sync_lock                         held by a daemon that reads, then writes
/// ```
///
/// Upstream reads what follows the root as a JSON pointer into one tree, so names and fields are
/// escaped as in a JSON pointer.
///
/// @param root what all keys begin with
public record MetadataKeys(String root) {
  private static final HexFormat HEX = HexFormat.of();

  /// What a key stands for.
  public sealed interface Place {
    /// A key under `/data`.
    ///
    /// @param field the field, or nothing if the key is that of the whole object
    record Data(ObjectId id, Optional<String> field) implements Place {}

    /// A key under `/signatures`.
    ///
    /// @param signature all 64 bits
    record Signature(long instanceId, long signature) implements Place {}

    /// A key under `/names`.
    record Name(String name) implements Place {}

    /// A key under `/instances`.
    record Instance(long instanceId, String field) implements Place {}
  }

  /// Returns the keys of a session.
  ///
  /// @param prefix what the daemons of a cluster agree on, by default `vineyard`
  /// @param sessionId all 64 bits; 0 is the root session
  public static MetadataKeys of(String prefix, long sessionId) {
    return new MetadataKeys(prefix + "/S" + HEX.toHexDigits(sessionId));
  }

  /// The prefix of the keys of all objects.
  public String allData() {
    return root + "/data/";
  }

  public String data(ObjectId id) {
    return allData() + id;
  }

  /// The prefix of the keys of an object's single fields.
  public String allFields(ObjectId id) {
    return data(id) + "/";
  }

  public String field(ObjectId id, String field) {
    return allFields(id) + escape(field);
  }

  /// @param signature all 64 bits
  public String signature(long instanceId, long signature) {
    return root + "/signatures/" + InstanceId.key(instanceId) + "/" + signatureText(signature);
  }

  /// The prefix of the keys of all names.
  public String allNames() {
    return root + "/names/";
  }

  public String name(String name) {
    return allNames() + escape(name);
  }

  /// The prefix of the keys of all daemons.
  public String allInstances() {
    return root + "/instances/";
  }

  public String instance(long instanceId, String field) {
    return allInstances() + InstanceId.key(instanceId) + "/" + field;
  }

  public String nextInstanceId() {
    return root + "/next_instance_id";
  }

  /// The lock to hold while a commit depends on what was read before.
  public String syncLock() {
    return root + "/meta_sync_lock";
  }

  /// Returns what a key stands for, or nothing if it is none of these: other programs may keep what
  /// they like under the root.
  public Optional<Place> parse(String key) {
    if (!key.startsWith(root + "/")) {
      return Optional.empty();
    }
    int family = root.length() + 1;
    int slash = key.indexOf('/', family);
    if (slash < 0) {
      return Optional.empty();
    }
    String rest = key.substring(slash + 1);
    return switch (key.substring(family, slash)) {
      case "data" -> data(rest);
      case "signatures" -> signature(rest);
      case "names" -> Optional.of(new Place.Name(unescape(rest)));
      case "instances" -> instance(rest);
      default -> Optional.empty();
    };
  }

  private static Optional<Place> data(String path) {
    int slash = path.indexOf('/');
    String id = slash < 0 ? path : path.substring(0, slash);
    if (!ObjectId.isText(id) || (slash >= 0 && path.indexOf('/', slash + 1) >= 0)) {
      return Optional.empty();
    }
    return Optional.of(
        new Place.Data(
            ObjectId.parse(id),
            slash < 0 ? Optional.empty() : Optional.of(unescape(path.substring(slash + 1)))));
  }

  private static Optional<Place> signature(String path) {
    int slash = path.indexOf('/');
    OptionalLong instance = slash < 0 ? OptionalLong.empty() : instanceId(path.substring(0, slash));
    String text = path.substring(slash + 1);
    // Ids and signatures differ in their first letter only.
    if (instance.isEmpty() || !text.startsWith("s") || !ObjectId.isText("o" + text.substring(1))) {
      return Optional.empty();
    }
    long signature = ObjectId.parse("o" + text.substring(1)).value();
    return Optional.of(new Place.Signature(instance.getAsLong(), signature));
  }

  private static Optional<Place> instance(String path) {
    int slash = path.indexOf('/');
    OptionalLong instance = slash < 0 ? OptionalLong.empty() : instanceId(path.substring(0, slash));
    return instance.isEmpty()
        ? Optional.empty()
        : Optional.of(new Place.Instance(instance.getAsLong(), path.substring(slash + 1)));
  }

  /// Reads `i` and a decimal number, as [InstanceId#key] writes it.
  public static OptionalLong instanceId(String text) {
    if (!text.startsWith("i")) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseUnsignedLong(text, 1, text.length(), 10));
    } catch (NumberFormatException none) {
      return OptionalLong.empty();
    }
  }

  /// Writes a name as one component of a JSON pointer: `~` as `~0` and `/` as `~1`.
  public static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  /// Undoes [#escape(String)]; a `~` that stands for neither stays.
  public static String unescape(String escaped) {
    return escaped.replace("~1", "/").replace("~0", "~");
  }

  static String signatureText(long signature) {
    return "s" + HEX.toHexDigits(signature);
  }
}
