package dev.vinery.metadata.etcd;

import io.etcd.jetcd.cluster.Member;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// Which etcd is to be started, and how: its name and its two addresses. Immutable.
///
/// One for clients at a loopback address listens on that alone; any other on all addresses of the
/// host, since others are to reach it.
///
/// @param listenHost on what it listens, as etcd wants it: an IP address
/// @param client where clients reach it
/// @param peer where other members reach it
/// @param cluster the members that are there already, none for a new cluster
record EtcdLaunch(String name, String listenHost, URI client, URI peer, List<Member> cluster) {
  private static final String ALL_ADDRESSES = "0.0.0.0";

  /// Plans the first member of a new cluster, for clients at an address of this host.
  static EtcdLaunch alone(String name, URI endpoint, OptionalInt reservedPort) throws IOException {
    InetAddress address = InetAddress.getByName(EtcdEndpoints.literal(endpoint));
    // A name leads others to this host even where it means a loopback address here.
    boolean loopback =
        address.isLoopbackAddress()
            && (endpoint.getHost().equals("localhost") || isNumeric(endpoint.getHost()));
    String listenHost = loopback ? bracketed(address) : ALL_ADDRESSES;
    int peerPort = freePort(listenHost, endpoint.getPort() + 1, reservedPort);
    String host = loopback ? listenHost : endpoint.getHost();
    return new EtcdLaunch(
        name, listenHost, endpoint, URI.create("http://" + host + ":" + peerPort), List.of());
  }

  /// Plans another member of a cluster.
  ///
  /// @param from the address by which this host reaches the cluster
  /// @param firstPort the first port that is tried
  static EtcdLaunch beside(
      List<Member> cluster, String name, InetAddress from, int firstPort, OptionalInt reservedPort)
      throws IOException {
    String host = bracketed(from);
    String listenHost = from.isLoopbackAddress() ? host : ALL_ADDRESSES;
    int clientPort = freePort(listenHost, firstPort, reservedPort);
    int peerPort = freePort(listenHost, clientPort + 1, reservedPort);
    return new EtcdLaunch(
        name,
        listenHost,
        URI.create("http://" + host + ":" + clientPort),
        URI.create("http://" + host + ":" + peerPort),
        cluster);
  }

  private static boolean isNumeric(String host) {
    return host.startsWith("[") || host.chars().allMatch(c -> c == '.' || Character.isDigit(c));
  }

  private static String bracketed(InetAddress address) {
    String text = address.getHostAddress();
    return text.contains(":") ? "[" + text + "]" : text;
  }

  /// The first port from `first` up on which nobody listens.
  private static int freePort(String listenHost, int first, OptionalInt reservedPort)
      throws IOException {
    String literal = listenHost.replace("[", "").replace("]", "");
    IOException taken = new IOException("there is no TCP port from " + first + " up");
    for (int port = first; port < 1 << Character.SIZE; port++) {
      if (reservedPort.isPresent() && reservedPort.getAsInt() == port) {
        continue;
      }
      try (var probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(literal, port));
        return port;
      } catch (IOException e) {
        taken = e;
      }
    }
    throw taken;
  }

  /// The command line.
  ///
  /// @param program the etcd to run
  /// @param data where it keeps its data
  List<String> command(String program, Path data) {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.add("--name=" + name);
    command.add("--data-dir=" + data);
    command.add("--listen-client-urls=http://" + listenHost + ":" + client.getPort());
    command.add("--advertise-client-urls=" + client);
    command.add("--listen-peer-urls=http://" + listenHost + ":" + peer.getPort());
    command.add("--initial-advertise-peer-urls=" + peer);
    command.add("--initial-cluster-state=" + (cluster.isEmpty() ? "new" : "existing"));
    command.add("--initial-cluster=" + members());
    return command;
  }

  /// Each name with each of its addresses, ours last.
  private String members() {
    Stream<String> others =
        cluster.stream()
            .flatMap(
                member -> member.getPeerURIs().stream().map(uri -> member.getName() + "=" + uri));
    return String.join(",", Stream.concat(others, Stream.of(name + "=" + peer)).toList());
  }
}
