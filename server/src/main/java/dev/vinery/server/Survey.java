package dev.vinery.server;

import dev.vinery.protocol.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells which daemons are away for good: those without a sign of life, whose timestamp has not
/// changed either for a while.
///
/// Time is what passes here; what others take for the time is only compared with itself. Guarded by
/// the store lock.
final class Survey {
  private final Instances instances;
  private final long self;
  private final long graceNanos;
  private final Map<Long, Sighting> sightings = new HashMap<>();

  /// What was seen of a daemon, and since when nothing else was.
  private record Sighting(@Nullable Json timestamp, long sinceNanos) {}

  /// @param grace how long a daemon is away before it is away for good
  Survey(Instances instances, long self, Duration grace) {
    this.instances = instances;
    this.self = self;
    this.graceNanos = grace.toNanos();
  }

  /// The daemons that are away for good. To be called now and then.
  Set<Long> away() {
    long nowNanos = System.nanoTime();
    Set<Long> away = new HashSet<>();
    Set<Long> ids = instances.ids();
    sightings.keySet().retainAll(ids);
    for (long id : ids) {
      Json timestamp = instances.field(id, Registration.TIMESTAMP);
      if (id == self || instances.isAlive(id)) {
        sightings.remove(id);
      } else {
        Sighting last = sightings.get(id);
        if (last == null || !Objects.equals(last.timestamp(), timestamp)) {
          sightings.put(id, new Sighting(timestamp, nowNanos));
        } else if (nowNanos - last.sinceNanos() >= graceNanos) {
          away.add(id);
        }
      }
    }
    return away;
  }

  /// Whether no other daemon is there.
  boolean isAlone() {
    return instances.ids().stream().allMatch(id -> id == self);
  }

  /// Forgets what was seen, as nothing can be seen at the moment.
  ///
  /// @return nobody
  Set<Long> blind() {
    sightings.clear();
    return Set.of();
  }
}
