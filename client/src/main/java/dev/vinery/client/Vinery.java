package dev.vinery.client;

import dev.vinery.protocol.ConnectionException;
import java.nio.file.Path;
import java.util.List;

/// Connects to daemons: through a socket of this host, which shares memory, or over TCP, which
/// copies bytes. A client is the same through both doors.
public final class Vinery {
  /// Environment variable that holds the path of the daemon's socket.
  public static final String SOCKET_VARIABLE = Surroundings.SOCKET_VARIABLE;

  /// Environment variable that holds `host:port` of the daemon, or several with commas between.
  public static final String ENDPOINT_VARIABLE = Surroundings.ENDPOINT_VARIABLE;

  /// Environment variable that holds the path of a configuration file, or of its directory.
  public static final String CONFIG_VARIABLE = Surroundings.CONFIG_VARIABLE;

  private Vinery() {}

  /// Connects to the daemon that the environment means: [#SOCKET_VARIABLE], else the socket in the
  /// configuration file if it is there, else [#ENDPOINT_VARIABLE], else the endpoints in the file,
  /// else the first default path where there is a socket. The file is at [#CONFIG_VARIABLE], else
  /// in `/var/run`. Of several endpoints the first that answers is taken; [Client#address] tells
  /// which way was.
  ///
  /// @throws ConnectionException if there is none
  public static Client connect() {
    return connect(ConnectOptions.DEFAULT);
  }

  /// Connects to the same daemon as [#connect()].
  ///
  /// @throws ConnectionException if there is none
  public static Client connect(ConnectOptions options) {
    return connectToAny(new Surroundings(System.getenv()).candidates(), options);
  }

  /// Connects to the first of these daemons that answers.
  ///
  /// @throws ConnectionException that of the last one, if none does
  static Client connectToAny(List<Address> candidates, ConnectOptions options) {
    for (Address candidate : candidates.subList(0, candidates.size() - 1)) {
      try {
        return connect(candidate, options);
      } catch (ConnectionException notThere) {
        // The next one may be.
      }
    }
    return connect(candidates.getLast(), options);
  }

  /// Connects to the daemon that listens at a path.
  ///
  /// @throws ConnectionException if there is none, or it refuses
  public static Client connect(Path socket) {
    return connect(socket, ConnectOptions.DEFAULT);
  }

  /// Connects to the daemon that listens at a path.
  ///
  /// @throws ConnectionException if there is none, or it refuses
  public static Client connect(Path socket, ConnectOptions options) {
    return connect(new Address.Local(socket), options);
  }

  /// Connects to a daemon over TCP.
  ///
  /// @param host a name or an address
  /// @param port from 1 to 65,535
  /// @throws ConnectionException if there is none, or it refuses
  public static Client connect(String host, int port) {
    return connect(new Address.Remote(host, port));
  }

  /// Connects to a daemon.
  ///
  /// @throws ConnectionException if there is none, or it refuses
  public static Client connect(Address address) {
    return connect(address, ConnectOptions.DEFAULT);
  }

  /// Connects to a daemon.
  ///
  /// @throws ConnectionException if there is none, or it refuses
  public static Client connect(Address address, ConnectOptions options) {
    return new DaemonClient(address, options);
  }
}
