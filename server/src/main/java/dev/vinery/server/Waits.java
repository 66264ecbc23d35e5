package dev.vinery.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Requests that wait until things exist, by those things.
///
/// Waking costs the waiters of the thing that came into being, not the others. Guarded by the store
/// lock.
///
/// @param <K> what is waited for: an id or a name
final class Waits<K> {
  private final Map<K, List<Wait>> waits = new HashMap<>();
  private int count;

  private final class Wait {
    private final Set<K> missing;
    private final Answer.Later later = new Answer.Later(this::forget);

    Wait(Collection<K> missing) {
      this.missing = new HashSet<>(missing);
    }

    void register() {
      count++;
      for (K key : missing) {
        waits.computeIfAbsent(key, _ -> new ArrayList<>()).add(this);
      }
    }

    void forget() {
      count--;
      for (K key : missing) {
        List<Wait> others = waits.get(key);
        if (others != null) {
          others.remove(this);
          if (others.isEmpty()) {
            waits.remove(key);
          }
        }
      }
    }
  }

  /// How many requests wait.
  int count() {
    return count;
  }

  /// Defers an answer until all of `missing` have come.
  ///
  /// @param missing not empty
  Answer.Later await(Collection<K> missing) {
    Wait wait = new Wait(missing);
    wait.register();
    return wait.later;
  }

  /// Wakes the requests for which `key` was the last thing missing.
  void come(K key) {
    List<Wait> waiting = waits.remove(key);
    if (waiting == null) {
      return;
    }
    for (Wait wait : waiting) {
      wait.missing.remove(key);
      if (wait.missing.isEmpty()) {
        count--;
        wait.later.come();
      }
    }
  }
}
