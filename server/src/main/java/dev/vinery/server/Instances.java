package dev.vinery.server;

import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.Json;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The daemons of a cluster, by number, with what each published of itself.
///
/// Guarded by the store lock.
final class Instances {
  /// What one must have published for clients to be told of it: they look at these.
  private static final Set<String> NEEDED =
      Set.of(Registration.HOST_ID, Registration.IPC_SOCKET, Registration.RPC_ENDPOINT);

  private final SortedMap<Long, SortedMap<String, Json>> byId =
      new TreeMap<>(Long::compareUnsigned);

  private final Set<Long> alive = new HashSet<>();

  /// Notes whether a daemon gives signs of life.
  void alive(long instanceId, boolean lives) {
    if (lives) {
      alive.add(instanceId);
    } else {
      alive.remove(instanceId);
    }
  }

  boolean isAlive(long instanceId) {
    return alive.contains(instanceId);
  }

  void put(long instanceId, String field, Json value) {
    byId.computeIfAbsent(instanceId, _ -> new TreeMap<>()).put(field, value);
  }

  void remove(long instanceId, String field) {
    Map<String, Json> fields = byId.get(instanceId);
    if (fields != null) {
      fields.remove(field);
      if (fields.isEmpty()) {
        byId.remove(instanceId);
      }
    }
  }

  void clear() {
    byId.clear();
    alive.clear();
  }

  /// Numbers of all daemons of which anything is published.
  Set<Long> ids() {
    return Set.copyOf(byId.keySet());
  }

  @Nullable Json field(long instanceId, String field) {
    Map<String, Json> fields = byId.get(instanceId);
    return fields == null ? null : fields.get(field);
  }

  /// Where a daemon is reached over TCP, `host:port`, if that is published.
  Optional<String> rpcEndpoint(long instanceId) {
    return field(instanceId, Registration.RPC_ENDPOINT) instanceof Json.Text(var endpoint)
            && !endpoint.equals(ClusterHandler.NO_ENDPOINT)
        ? Optional.of(endpoint)
        : Optional.empty();
  }

  /// The daemons that clients are told of, by the keys of their instances.
  SequencedMap<String, Json.Fields> all() {
    SequencedMap<String, Json.Fields> all = new LinkedHashMap<>();
    byId.forEach((id, fields) -> {
      if (fields.keySet().containsAll(NEEDED)) {
        all.put(InstanceId.key(id), Json.Fields.of(fields));
      }
    });
    return all;
  }
}
