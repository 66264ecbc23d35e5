package dev.vinery.metadata;

import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.ObjectId;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

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

  /// A key under `/data`.
  ///
  /// @param field the field, or nothing if the key is that of the whole object
  record DataKey(ObjectId id, Optional<String> field) {}

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

  /// Returns what a key under `/data` stands for, or nothing for any other key.
  Optional<DataKey> parseData(String key) {
    if (!key.startsWith(allData())) {
      return Optional.empty();
    }
    List<String> path = List.of(key.substring(allData().length()).split("/", -1));
    if (path.size() > 2 || !ObjectId.isText(path.getFirst())) {
      return Optional.empty();
    }
    ObjectId id = ObjectId.parse(path.getFirst());
    return Optional.of(
        new DataKey(id, path.stream().skip(1).findFirst().map(MetadataKeys::unescape)));
  }

  /// Returns the name that a key under `/names` stands for, or nothing for any other key.
  Optional<String> parseName(String key) {
    return key.startsWith(allNames())
        ? Optional.of(unescape(key.substring(allNames().length())))
        : Optional.empty();
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
