package dev.vinery.metadata.etcd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Where the members of an etcd cluster listen for clients. Immutable.
///
/// @param uris one or more, each `http://host:port`
record EtcdEndpoints(List<URI> uris) {
  /// Where etcd listens if nobody says otherwise.
  private static final int DEFAULT_PORT = 2379;

  /// How long a host may take to accept a connection.
  private static final Duration CONNECT_TIME = Duration.ofSeconds(2);

  EtcdEndpoints {
    uris = List.copyOf(uris);
  }

  /// Reads addresses with commas between; each is `http://host:port`, where the scheme and the port
  /// may be left out.
  ///
  /// @throws IllegalArgumentException if one is no address
  static EtcdEndpoints parse(String text) {
    return new EtcdEndpoints(
        Arrays.stream(text.split(",", -1)).map(EtcdEndpoints::parseOne).toList());
  }

  private static URI parseOne(String text) {
    String address = text.strip();
    try {
      var uri = new URI(address.contains("://") ? address : "http://" + address);
      if ("https".equals(uri.getScheme())) {
        throw new IllegalArgumentException(
            "etcd is not spoken to over TLS in this version: '" + address + "'");
      }
      boolean bare = uri.getPath().isEmpty() || uri.getPath().equals("/");
      if ("http".equals(uri.getScheme()) && uri.getHost() != null && bare && uri.getPort() != 0) {
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return URI.create("http://" + uri.getHost() + ":" + port);
      }
    } catch (URISyntaxException e) {
      // Told below, like all that is no address.
    }
    throw new IllegalArgumentException(
        "etcd is at an address such as http://127.0.0.1:2379, not at '" + address + "'");
  }

  /// The one at which an etcd is started: the last, as upstream has it.
  URI last() {
    return uris.getLast();
  }

  /// The address from which this host reaches an endpoint; nothing if none of them accepts
  /// connections.
  Optional<InetAddress> reachedFrom() {
    for (URI uri : uris) {
      try (var socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(literal(uri), uri.getPort()), (int) CONNECT_TIME.toMillis());
        return Optional.of(socket.getLocalAddress());
      } catch (IOException nobody) {
        // The next may answer.
      }
    }
    return Optional.empty();
  }

  /// The host of an address, an IPv6 address without its brackets.
  static String literal(URI uri) {
    String host = uri.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /// Whether an address is one of this host's own.
  static boolean isHere(URI uri) {
    try {
      InetAddress address = InetAddress.getByName(literal(uri));
      return address.isLoopbackAddress()
          || address.isAnyLocalAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (IOException unknown) {
      return false;
    }
  }

  @Override
  public String toString() {
    return uris.stream().map(URI::toString).collect(Collectors.joining(","));
  }
}
