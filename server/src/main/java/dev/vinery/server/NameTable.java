package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The names of one session, and what they stand for.
///
/// Guarded by the store lock, except for [#forEach].
final class NameTable {
  private final Map<String, ObjectId> names = new ConcurrentHashMap<>();
  private final Waits<String> waits;
  private final IndexKeeper index;

  /// @param waits requests that wait for a name
  NameTable(Waits<String> waits, IndexKeeper index) {
    this.waits = waits;
    this.index = index;
  }

  @Nullable ObjectId find(String name) {
    return names.get(name);
  }

  void bind(String name, ObjectId id) {
    names.put(name, id);
    index.changed(name);
    waits.come(name);
  }

  void unbind(String name) {
    names.remove(name);
    index.changed(name);
  }

  /// Safe for use by several threads.
  void forEach(BiConsumer<String, ObjectId> visitor) {
    names.forEach(visitor);
  }
}
