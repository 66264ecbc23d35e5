package dev.vinery.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.protocol.ConnectionException;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// In which order the environment says where the daemon is.
final class SurroundingsTest {
  @TempDir private Path directory;

  private List<Address> candidates(String... environment) {
    var variables = new HashMap<String, String>();
    variables.put("VINEYARD_CONFIG", directory.toString());
    for (int i = 0; i < environment.length; i += 2) {
      variables.put(environment[i], environment[i + 1]);
    }
    return new Surroundings(variables).candidates();
  }

  private Path config(String text) throws IOException {
    return Files.writeString(directory.resolve("vineyard-config.yaml"), text);
  }

  private Address socketHere() throws IOException {
    return new Address.Local(Files.createFile(directory.resolve("here.sock")));
  }

  @Test
  void theSocketVariableGoesBeforeEverything() throws Exception {
    socketHere();
    config("Vineyard:\n  IPCSocket: here.sock\n  RPCEndpoint: b:2\n");

    assertThat(candidates("VINEYARD_IPC_SOCKET", "/a/b", "VINEYARD_RPC_ENDPOINT", "a:1"))
        .containsExactly(new Address.Local(Path.of("/a/b")));
  }

  @Test
  void theSocketOfTheFileGoesBeforeAnyEndpointIfItIsThere() throws Exception {
    config("Vineyard:\n  IPCSocket: here.sock\n  RPCEndpoint: b:2\n");
    assertThat(candidates("VINEYARD_RPC_ENDPOINT", "a:1"))
        .containsExactly(new Address.Remote("a", 1));

    Address socket = socketHere();
    assertThat(candidates("VINEYARD_RPC_ENDPOINT", "a:1")).containsExactly(socket);
  }

  @Test
  void theEndpointVariableGoesBeforeTheFile() throws Exception {
    config("{Vineyard: {RPCEndpoint: 'b:2, c'}, Other: 1}");

    assertThat(candidates("VINEYARD_RPC_ENDPOINT", "a:1,d:4"))
        .containsExactly(new Address.Remote("a", 1), new Address.Remote("d", 4));
    assertThat(candidates())
        .containsExactly(new Address.Remote("b", 2), new Address.Remote("c", 9600));
  }

  @Test
  void theFileMayBeNamedItselfOrLieOneDirectoryDown() throws Exception {
    Path below = Files.createDirectory(directory.resolve("vineyard"));
    Path file =
        Files.writeString(below.resolve("vineyard-config.yaml"), "Vineyard: {RPCEndpoint: b:2}");

    assertThat(candidates()).containsExactly(new Address.Remote("b", 2));
    assertThat(candidates("VINEYARD_CONFIG", file.toString()))
        .containsExactly(new Address.Remote("b", 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Other: 1", "Vineyard: 3", "[1, 2]", "Vineyard: {IPCSocket: }"})
  void aFileThatSaysNothingIsPassedOver(String text) throws Exception {
    config(text);
    Path home = directory.resolve("home");
    Path socket = Files.createDirectories(home.resolve(".local/vineyard")).resolve("vineyard.sock");
    Files.createFile(socket);

    assertThat(candidates("HOME", home.toString())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Vineyard: {", "a: b: c", "Vineyard: {RPCEndpoint: 'x:y'}"})
  void aFileThatIsWrongIsNamed(String text) throws Exception {
    Path file = config(text);

    assertThatThrownBy(this::candidates)
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aVariableThatIsWrongIsNamed() {
    assertThatThrownBy(() -> candidates("VINEYARD_RPC_ENDPOINT", "a:b"))
        .isInstanceOf(ConnectionException.class)
        .hasMessageStartingWith("VINEYARD_RPC_ENDPOINT: an endpoint is a host, a colon and a port");
  }

  @Test
  void ofSeveralEndpointsTheFirstThatAnswersIsTaken() throws Exception {
    int deaf;
    try (var probe = new ServerSocket(0)) {
      deaf = probe.getLocalPort();
    }
    var options = DaemonOptions.of(directory.resolve("s"), 1 << 20);
    try (Daemon daemon = Daemon.start(options.withRpcPort(OptionalInt.of(0)))) {
      String endpoints = "127.0.0.1:" + deaf + ",127.0.0.1:" + daemon.rpcPort().orElseThrow();
      List<Address> candidates = candidates("VINEYARD_RPC_ENDPOINT", endpoints);

      try (Client client = Vinery.connectToAny(candidates, ConnectOptions.DEFAULT)) {
        assertThat(client.address()).isEqualTo(candidates.get(1));
      }
      assertThatThrownBy(
              () -> Vinery.connectToAny(candidates.subList(0, 1), ConnectOptions.DEFAULT))
          .isInstanceOf(ConnectionException.class);
    }
  }

  @Test
  void withoutAnythingTheWaysOutAreSaid() {
    var nowhere = new Surroundings(Map.of("VINEYARD_CONFIG", directory.toString()));

    if (Files.exists(Path.of("/var/run/vineyard.sock"))) {
      assertThat(nowhere.candidates()).hasSize(1);
    } else {
      assertThatThrownBy(nowhere::candidates)
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("start one with vineyardd, or set VINEYARD_IPC_SOCKET or");
    }
  }
}
