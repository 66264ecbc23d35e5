package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Objects that were asked to be at a daemon, each with what is there now.
final class Copies {
  /// One object.
  ///
  /// @param from what was asked for
  /// @param to its equivalent at the daemon; the same if it was there
  record Copy(ObjectId from, ObjectId to) {
    Json toJson(long instanceId) {
      var fields = new LinkedHashMap<String, Json>();
      fields.put("from", new Json.Text(from.toString()));
      fields.put("id", new Json.Text(to.toString()));
      fields.put("instanceId", Json.Whole.unsigned(instanceId));
      return Json.Fields.of(fields);
    }
  }

  private Copies() {}

  /// Copies an object to the daemon of a client, unless it is there. Of an object whose parts are
  /// on several daemons, such as a global tensor, it is the parts that are copied: the object
  /// refers to each by its signature, so it finds the copies.
  static List<Copy> fetch(Client client, ObjectId id) {
    List<Copy> copies = new ArrayList<>();
    fetch(client, client.getMetadata(id), copies);
    return copies;
  }

  private static void fetch(Client client, Metadata metadata, List<Copy> into) {
    if (isSpread(metadata)) {
      metadata.members().values().stream()
          .filter(member -> !member.isBlob())
          .forEach(member -> fetch(client, member, into));
    } else {
      boolean here = metadata.instanceId() == client.instanceId();
      into.add(new Copy(metadata.id(), here ? metadata.id() : client.migrate(metadata.id())));
    }
  }

  /// Whether an object has no place of its own.
  static boolean isSpread(Metadata metadata) {
    return metadata.isGlobal() || metadata.instanceId() == InstanceId.UNSPECIFIED;
  }
}
