package dev.vinery.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.contract.Door;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Connecting to a daemon that does not listen yet.
final class PatienceTest {
  @TempDir private Path directory;

  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  @ParameterizedTest
  @EnumSource
  void patienceWaitsForADaemonToCome(Door door) throws Exception {
    Path socket = directory.resolve("s");
    int port = freePort();
    Address address =
        door == Door.TCP ? new Address.Remote("127.0.0.1", port) : new Address.Local(socket);
    var options = ConnectOptions.DEFAULT.withPatience(Duration.ofSeconds(20));
    try (var executor = Executors.newSingleThreadExecutor()) {
      var connecting = executor.submit(() -> Vinery.connect(address, options));
      var running = DaemonOptions.of(socket, 1 << 20).withRpcPort(OptionalInt.of(port));
      try (var _ = Daemon.start(running);
          Client client = connecting.get()) {
        assertThat(client.status().memoryLimitBytes()).isEqualTo(1 << 20);
      }
    }
  }

  @Test
  void aPortWhereNobodyListensIsSaidInOneLineWithWhatToDo() throws Exception {
    int port = freePort();

    assertThatThrownBy(() -> Vinery.connect("127.0.0.1", port))
        .isInstanceOf(ConnectionException.class)
        .hasMessage(
            "no daemon listens at 127.0.0.1:%d: start one with vineyardd --rpc_socket_port %d,"
                + " or check the port",
            port, port);
  }

  @Test
  void aHostThatDoesNotExistIsSaid() {
    assertThatThrownBy(() -> Vinery.connect("no-such-host.invalid", 9600))
        .isInstanceOf(ConnectionException.class)
        .hasMessageStartingWith("there is no host 'no-such-host.invalid'");
  }
}
