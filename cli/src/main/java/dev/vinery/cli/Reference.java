package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import java.util.Optional;

/// What a person types to mean an object: its name or its id.
final class Reference {
  private Reference() {}

  /// Finds the object that is meant. A name that looks like an id means the object of that id, if
  /// there is one.
  ///
  /// @throws ObjectNotFoundException if neither names nor ids know the text, in one line
  static ObjectId resolve(Client client, String text) {
    if (ObjectId.isText(text)) {
      ObjectId id = ObjectId.parse(text);
      if (client.exists(id)) {
        return id;
      }
    }
    Optional<ObjectId> named = client.findName(text);
    if (named.isEmpty()) {
      throw new ObjectNotFoundException(
          "there is no object '" + text + "'; vinery ls lists what there is");
    }
    return named.get();
  }
}
