package dev.vinery.server;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Requests that wait until little enough memory is in use. Guarded by the store lock.
final class RoomWaits {
  private final Set<Wait> waits = new LinkedHashSet<>();

  private final class Wait {
    private final long mostUsedBytes;
    private final Answer.Later later = new Answer.Later(() -> waits.remove(this));

    Wait(long mostUsedBytes) {
      this.mostUsedBytes = mostUsedBytes;
    }
  }

  /// Defers an answer until at most so many bytes are in use.
  Answer.Later await(long mostUsedBytes) {
    Wait wait = new Wait(mostUsedBytes);
    waits.add(wait);
    return wait.later;
  }

  /// Wakes the requests that have room now. Each looks again, since another may be faster.
  void freed(long usedBytes) {
    if (waits.isEmpty()) {
      return;
    }
    for (Wait wait : List.copyOf(waits)) {
      if (usedBytes <= wait.mostUsedBytes) {
        waits.remove(wait);
        wait.later.come();
      }
    }
  }
}
