package dev.vinery.conformance;

import dev.vinery.client.Client;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;

/// A pair of objects that live at different daemons, made as the guide of the cluster makes it.
final class GlobalPair {
  private GlobalPair() {}

  /// Makes a pair and persists it.
  static ObjectId persisted(Client client, ObjectId first, ObjectId second) {
    ObjectId pair =
        client.createMetadata(
            Metadata.builder("vineyard::Sequence")
                .put(Metadata.GLOBAL, true)
                .put("size_", 2)
                .put("__elements_-size", 2)
                .put("__elements_-0", client.getMetadata(first))
                .put("__elements_-1", client.getMetadata(second))
                .build());
    client.persist(pair);
    return pair;
  }
}
