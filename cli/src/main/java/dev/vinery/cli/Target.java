package dev.vinery.cli;

import dev.vinery.client.Address;
import dev.vinery.client.Client;
import dev.vinery.client.Compression;
import dev.vinery.client.ConnectOptions;
import dev.vinery.client.Vinery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/// Which daemon a command talks to, and how. Confined to one thread.
final class Target {
  /// Environment variable that holds the password, which would be seen by others in an option.
  private static final String PASSWORD_VARIABLE = "VINERY_PASSWORD";

  private final Map<String, String> environment;
  private final TransferMeter transfers = new TransferMeter(System::nanoTime);

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      description = {
        "The daemon's socket. Without it, and without --endpoint: what VINEYARD_IPC_SOCKET says,"
            + " else VINEYARD_RPC_ENDPOINT, else /var/run/vineyard.sock, else"
            + " $HOME/.local/vineyard/vineyard.sock; VINEYARD_CONFIG may name a file that says it."
      })
  private @Nullable Path socket;

  @Option(
      names = "--endpoint",
      paramLabel = "HOST:PORT",
      scope = ScopeType.INHERIT,
      converter = EndpointConverter.class,
      description = "The daemon's endpoint, to reach it over TCP. The port is 9600 if left out.")
  private Address.@Nullable Remote endpoint;

  @Option(
      names = "--compression",
      paramLabel = "WHEN",
      scope = ScopeType.INHERIT,
      description =
          "Whether blobs travel compressed over TCP: ${COMPLETION-CANDIDATES}. Default: auto,"
              + " where it pays.")
  private Compression compression = Compression.AUTO;

  @Option(
      names = "--username",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "Who asks, if the daemon wants to know; the password is VINERY_PASSWORD.")
  private String username = "";

  /// @param environment variables of the process
  Target(Map<String, String> environment) {
    this.environment = environment;
  }

  /// The socket that was named.
  Optional<Path> socket() {
    return Optional.ofNullable(socket);
  }

  /// What is known of the bytes that travel over TCP.
  TransferMeter transfers() {
    return transfers;
  }

  /// Connects, and closes the connection with the client.
  ///
  /// @throws dev.vinery.protocol.ConnectionException if no daemon can be reached
  Client connect() {
    return connect(ConnectOptions.DEFAULT.timeout());
  }

  /// Connects, for calls that are to be given up after a time.
  ///
  /// @throws dev.vinery.protocol.ConnectionException if no daemon can be reached
  Client connect(Duration timeout) {
    if (socket != null && endpoint != null) {
      throw new UsageException("--socket and --endpoint are two daemons: give one of them");
    }
    ConnectOptions options =
        ConnectOptions.DEFAULT
            .withCredentials(username, environment.getOrDefault(PASSWORD_VARIABLE, ""))
            .withTimeout(timeout)
            .withCompression(compression)
            .withTransferListener(transfers);
    if (endpoint != null) {
      return Vinery.connect(endpoint, options);
    }
    return socket == null ? Vinery.connect(options) : Vinery.connect(socket, options);
  }

  /// Reads endpoints.
  static final class EndpointConverter implements ITypeConverter<Address.Remote> {
    @Override
    public Address.Remote convert(String text) {
      try {
        return Address.Remote.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
