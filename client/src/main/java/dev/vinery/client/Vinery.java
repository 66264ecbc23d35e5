package dev.vinery.client;

import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Connects to daemons.
public final class Vinery {
  /// Environment variable that holds the path of the daemon's socket.
  public static final String SOCKET_VARIABLE = "VINEYARD_IPC_SOCKET";

  /// Where a daemon listens by default if it may.
  private static final Path SYSTEM_SOCKET = Path.of("/var/run/vineyard.sock");

  /// Where it listens otherwise, from the user's home.
  private static final Path USER_SOCKET = Path.of(".local/vineyard/vineyard.sock");

  private Vinery() {}

  /// Connects to the daemon that the environment names in [#SOCKET_VARIABLE], else to the one at
  /// the first default path where there is a socket.
  ///
  /// @throws ConnectionException if there is none
  public static Client connect() {
    return connect(ConnectOptions.DEFAULT);
  }

  /// Connects to the same daemon as [#connect()].
  ///
  /// @throws ConnectionException if there is none
  public static Client connect(ConnectOptions options) {
    return connect(defaultSocket(), options);
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
    return new LocalClient(ConnectionAttempt.open(socket, options));
  }

  /// The path that [#connect()] uses.
  ///
  /// @throws ConnectionException if no path is named and there is a socket at none of the defaults
  public static Path defaultSocket() {
    return defaultSocket(System.getenv())
        .orElseThrow(() ->
            new ConnectionException(
                Status.CONNECTION_FAILED,
                "no daemon listens at "
                    + defaults(System.getenv()).stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(" or "))
                    + ": start one with vineyardd, or set "
                    + SOCKET_VARIABLE));
  }

  static Optional<Path> defaultSocket(Map<String, String> environment) {
    String named = environment.getOrDefault(SOCKET_VARIABLE, "");
    return named.isEmpty()
        ? defaults(environment).stream().filter(Files::exists).findFirst()
        : Optional.of(Path.of(named));
  }

  private static List<Path> defaults(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    return home.isEmpty()
        ? List.of(SYSTEM_SOCKET)
        : List.of(SYSTEM_SOCKET, Path.of(home).resolve(USER_SOCKET));
  }
}
