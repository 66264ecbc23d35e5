package dev.vinery.metadata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The bound keys of an [EmbeddedMetadataStore]: found by hash, listed in order. Guarded by the
/// store's mutex.
final class KeyTable {
  private final Map<String, Bound> byKey = new HashMap<>();
  private final NavigableSet<String> keys = new TreeSet<>(CodePointOrder.INSTANCE);

  /// A key and what it is bound to.
  ///
  /// @param createRevision the revision that bound the key when it was not bound
  /// @param leaseId the lease whose end deletes the key, or 0
  record Bound(String key, String value, long createRevision, long modRevision, long leaseId) {}

  @Nullable Bound find(String key) {
    return byKey.get(key);
  }

  /// Returns what the key was bound to before.
  @Nullable Bound put(String key, String value, long revision, long leaseId) {
    Bound old = byKey.get(key);
    long createRevision = old == null ? revision : old.createRevision();
    byKey.put(key, new Bound(key, value, createRevision, revision, leaseId));
    if (old == null) {
      keys.add(key);
    }
    return old;
  }

  /// Returns what the key was bound to before.
  @Nullable Bound remove(String key) {
    Bound old = byKey.remove(key);
    if (old != null) {
      keys.remove(key);
    }
    return old;
  }

  /// Returns a copy of what is bound under `prefix`, in the order of the keys.
  List<Bound> under(String prefix) {
    List<Bound> found = new ArrayList<>();
    for (String key : keys.tailSet(prefix, true)) {
      if (!key.startsWith(prefix)) {
        break;
      }
      found.add(Objects.requireNonNull(byKey.get(key), key));
    }
    return found;
  }
}
