package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// Which daemon a command talks to. Confined to one thread.
final class Target {
  @Option(
      names = "--socket",
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      description = {
        "The daemon's socket. Without it: what VINEYARD_IPC_SOCKET says, else"
            + " /var/run/vineyard.sock, else $HOME/.local/vineyard/vineyard.sock."
      })
  private @Nullable Path socket;

  Optional<Path> socket() {
    return Optional.ofNullable(socket);
  }

  /// Connects, and closes the connection with the client.
  ///
  /// @throws dev.vinery.protocol.ConnectionException if no daemon can be reached
  Client connect() {
    return socket == null ? Vinery.connect() : Vinery.connect(socket);
  }
}
