package dev.vinery.conformance;

import dev.vinery.client.Client;
import dev.vinery.protocol.ObjectId;

/// A value that is put and got in another way than by `put` and `get`.
interface Exchanged {
  ObjectId put(Client client);

  /// Reads what was put, here or in Python, in the form of [#wanted()].
  Object get(Client client, ObjectId id);

  Object wanted();

  /// Whether it can be put within the daemon's host only.
  default boolean needsSharedMemory() {
    return false;
  }
}
