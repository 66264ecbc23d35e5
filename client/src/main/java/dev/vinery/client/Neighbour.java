package dev.vinery.client;

import dev.vinery.protocol.ClusterReply.InstanceStatus;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The way to another daemon of the cluster. Immutable.
///
/// A daemon publishes where it listens. Its socket's path means something else on any other host,
/// where another daemon may listen there; so whoever answers is asked who he is.
///
/// @param instanceId number of the daemon
/// @param published what it tells of itself
record Neighbour(long instanceId, Json.Fields published) {
  private static final String HOST_ID = "hostid";
  private static final String SOCKET = "ipc_socket";
  private static final String ENDPOINT = "rpc_endpoint";

  /// What a daemon publishes that does not listen on TCP.
  private static final String NO_ENDPOINT = "0.0.0.0:0";

  /// Finds a daemon by its number.
  ///
  /// @throws ObjectNotFoundException if the cluster has none of that number
  static Neighbour of(Client client, long instanceId) {
    Json.Fields published = client.instances().get(instanceId);
    if (published == null) {
      throw new ObjectNotFoundException(
          "there is no instance " + Long.toUnsignedString(instanceId) + " in the cluster");
    }
    return new Neighbour(instanceId, published);
  }

  /// Connects to it: through its socket if it is on this host, else over TCP.
  ///
  /// @return a client of its root session, which the caller closes
  /// @throws ConnectionException if it cannot be reached
  Client connect(ConnectOptions options) {
    ConnectOptions root = options.withSession(0);
    Optional<ConnectionException> failure = Optional.empty();
    for (Address address : addresses()) {
      try {
        Client client = Vinery.connect(address, root);
        if (isMeant(client)) {
          return client;
        }
        client.close();
      } catch (ConnectionException notThere) {
        failure = Optional.of(notThere);
      }
    }
    throw failure.orElseGet(() ->
        new ConnectionException(
            Status.CONNECTION_FAILED,
            "instance %s cannot be reached: its socket is on another host, and it serves none"
                .formatted(Long.toUnsignedString(instanceId))));
  }

  private List<Address> addresses() {
    List<Address> addresses = new ArrayList<>();
    String socket = published.text(SOCKET, "");
    String endpoint = published.text(ENDPOINT, "");
    try {
      if (!socket.isEmpty() && Files.exists(Path.of(socket))) {
        addresses.add(new Address.Local(Path.of(socket)));
      }
      if (!endpoint.isEmpty() && !endpoint.equals(NO_ENDPOINT)) {
        addresses.add(Address.Remote.parse(endpoint));
      }
    } catch (IllegalArgumentException e) {
      // What is neither a path nor an endpoint is no way.
    }
    return addresses;
  }

  private boolean isMeant(Client client) {
    if (client.instanceId() != instanceId) {
      return false;
    }
    Json.Fields own = client.instances().get(instanceId);
    return own != null
        && Objects.equals(own.values().get(HOST_ID), published.values().get(HOST_ID));
  }

  /// Connects to that daemon of a cluster that has the most room, of those that can be reached.
  ///
  /// @return a client of its root session, which the caller closes
  /// @throws ConnectionException if none can be reached
  static Client connectToRoomiest(Client client, ConnectOptions options) {
    Optional<Client> roomiest = Optional.empty();
    long mostBytes = -1;
    for (Map.Entry<Long, Json.Fields> each : client.instances().entrySet()) {
      Client candidate;
      long roomBytes;
      try {
        candidate = new Neighbour(each.getKey(), each.getValue()).connect(options);
        roomBytes = roomBytes(candidate);
      } catch (ConnectionException unreachable) {
        continue; // It may be dead, and not cleaned up after yet.
      }
      boolean own = each.getKey() == client.instanceId();
      if (roomBytes > mostBytes || (roomBytes == mostBytes && own)) {
        roomiest.ifPresent(Client::close);
        roomiest = Optional.of(candidate);
        mostBytes = roomBytes;
      } else {
        candidate.close();
      }
    }
    return roomiest.orElseThrow(() ->
        new ConnectionException(
            Status.CONNECTION_FAILED, "no instance of the cluster can be reached"));
  }

  private static long roomBytes(Client client) {
    try {
      InstanceStatus status = client.status();
      return Math.max(0, status.memoryLimitBytes() - status.memoryUsageBytes());
    } catch (ConnectionException e) {
      client.close();
      throw e;
    }
  }
}
