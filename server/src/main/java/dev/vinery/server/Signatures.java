package dev.vinery.server;

import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.ObjectId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which objects bear a signature: the copies of one object, at most one on each instance.
///
/// Guarded by the store lock.
final class Signatures {
  private final Comparator<Bearer> order;
  private final LongMap<List<Bearer>> bearers = new LongMap<>();

  private record Bearer(long instanceId, ObjectId id) {}

  /// @param instanceId this daemon's, whose objects come first
  Signatures(long instanceId) {
    this.order =
        (a, b) -> {
          boolean own = a.instanceId() == instanceId;
          if (own != (b.instanceId() == instanceId)) {
            return own ? -1 : 1;
          }
          return InstanceId.key(a.instanceId())
              .compareTo(InstanceId.key(b.instanceId())); // as upstream
        };
  }

  void put(long signature, long instanceId, ObjectId id) {
    List<Bearer> others = bearers.get(signature);
    if (others == null) {
      bearers.put(signature, List.of(new Bearer(instanceId, id)));
      return;
    }
    List<Bearer> all = new ArrayList<>(others);
    all.removeIf(bearer -> bearer.instanceId() == instanceId);
    all.add(new Bearer(instanceId, id));
    all.sort(order);
    bearers.put(signature, List.copyOf(all));
  }

  void remove(long signature, long instanceId) {
    List<Bearer> all = bearers.get(signature);
    if (all == null) {
      return;
    }
    List<Bearer> left = all.stream().filter(bearer -> bearer.instanceId() != instanceId).toList();
    if (left.isEmpty()) {
      bearers.remove(signature);
    } else {
      bearers.put(signature, left);
    }
  }

  void clear() {
    bearers.clear();
  }

  /// The object with a signature on an instance.
  @Nullable ObjectId find(long signature, long instanceId) {
    List<Bearer> all = bearers.get(signature);
    if (all != null) {
      for (Bearer bearer : all) {
        if (bearer.instanceId() == instanceId) {
          return bearer.id();
        }
      }
    }
    return null;
  }

  /// The objects with a signature, the nearest first. Some may not be there, or no longer.
  List<ObjectId> nearestFirst(long signature) {
    List<Bearer> all = bearers.get(signature);
    return all == null ? List.of() : all.stream().map(Bearer::id).toList();
  }
}
