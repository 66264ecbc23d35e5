package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import java.util.List;
import java.util.Map;

/// What a daemon has stored in the shared metadata store, and is no longer there. Immutable.
///
/// @param objects members before owners
/// @param signed those of the objects that their signatures lead to
/// @param names names of any of the objects
record Lost(List<LiveObject> objects, List<LiveObject> signed, Map<String, ObjectId> names) {
  static final Lost NOTHING = new Lost(List.of(), List.of(), Map.of());

  Lost {
    objects = List.copyOf(objects);
    signed = List.copyOf(signed);
    names = Map.copyOf(names);
  }

  boolean isNothing() {
    return objects.isEmpty() && names.isEmpty();
  }
}
