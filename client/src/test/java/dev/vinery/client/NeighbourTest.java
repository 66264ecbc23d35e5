package dev.vinery.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.contract.OurDaemon;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The way to a daemon from what it tells of itself.
final class NeighbourTest {
  @TempDir private Path directory;

  private OurDaemon daemon;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    daemon = new OurDaemon(directory.resolve("v.sock"), 1 << 20);
    client = Vinery.connect(daemon.socket());
  }

  @AfterEach
  void stop() {
    client.close();
    daemon.close();
  }

  /// What the daemon tells, but for one field.
  private Neighbour with(String field, Json value) {
    SequencedMap<String, Json> fields =
        new LinkedHashMap<>(
            Objects.requireNonNull(client.instances().get(client.instanceId())).values());
    fields.put(field, value);
    return new Neighbour(client.instanceId(), Json.Fields.of(fields));
  }

  @Test
  void aDaemonOfThisHostIsReachedThroughItsSocket() {
    try (Client again = client.connectTo(client.instanceId())) {
      assertThat(again.address()).isEqualTo(new Address.Local(daemon.socket()));
    }
  }

  @Test
  void whereItsSocketIsOnAnotherHostItIsReachedOverTcp() {
    Json nowhere = new Json.Text(directory.resolve("none").toString());

    try (Client again = with("ipc_socket", nowhere).connect(ConnectOptions.DEFAULT)) {
      assertThat(again.address()).isEqualTo(new Address.Remote("localhost", daemon.port()));
    }
  }

  @Test
  void anotherDaemonAtTheSamePlaceIsNotTakenForIt() {
    Neighbour stranger = with("hostid", Json.Whole.signed(1));

    assertThatThrownBy(() -> stranger.connect(ConnectOptions.DEFAULT))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("instance " + client.instanceId());
  }

  @Test
  void whatIsNoAddressIsNoWay() {
    Neighbour odd = with("rpc_endpoint", new Json.Text("a:b:c"));

    try (Client again = odd.connect(ConnectOptions.DEFAULT)) {
      assertThat(again.address()).isInstanceOf(Address.Local.class);
    }
  }

  @Test
  void aNumberThatNoDaemonHasIsToldSo() {
    assertThatThrownBy(() -> client.connectTo(77))
        .isInstanceOf(ObjectNotFoundException.class)
        .hasMessage("there is no instance 77 in the cluster");
  }

  @Test
  void aloneTheOnlyDaemonIsTheRoomiest() {
    try (Client roomiest = client.connectToRoomiest()) {
      assertThat(roomiest.instanceId()).isEqualTo(client.instanceId());
    }
  }
}
