package dev.vinery.client;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a daemon is reached: the door that a client takes. Immutable.
public sealed interface Address {
  /// The port of a daemon that was not told any other.
  int DEFAULT_PORT = 9600;

  /// A socket on this host, through which memory is shared.
  record Local(Path socket) implements Address {
    @Override
    public String toString() {
      return socket.toString();
    }
  }

  /// A port of any host, through which bytes are copied.
  ///
  /// @param host a name or an address, without brackets
  /// @param port from 1 to 65,535
  record Remote(String host, int port) implements Address {
    private static final int PORT_MAX = 65_535;

    /// A host in brackets or without a colon, and a port.
    private static final Pattern ENDPOINT =
        Pattern.compile("(?:\\[([^\\[\\]]+)]|([^:\\[\\]]+))(?::(\\d{1,5}))?");

    /// An IPv6 address as it is.
    private static final Pattern BARE = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F.]*:[^\\[\\]]*");

    public Remote {
      if (host.isBlank()) {
        throw new IllegalArgumentException("a host must have a name");
      }
      if (port < 1 || port > PORT_MAX) {
        throw new IllegalArgumentException("a port must be from 1 to 65535: " + port);
      }
    }

    /// Reads `host:port`, `[address]:port`, or either without a port, which means [#DEFAULT_PORT].
    ///
    /// @throws IllegalArgumentException if it is none of these
    public static Remote parse(String endpoint) {
      String text = endpoint.strip();
      if (BARE.matcher(text).matches()) {
        return new Remote(text, DEFAULT_PORT);
      }
      Matcher parts = ENDPOINT.matcher(text);
      if (!parts.matches()) {
        throw new IllegalArgumentException(
            "an endpoint is a host, a colon and a port, not '" + endpoint + "'");
      }
      String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
      String port = parts.group(3);
      return new Remote(host, port == null ? DEFAULT_PORT : Integer.parseInt(port));
    }

    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }
}
