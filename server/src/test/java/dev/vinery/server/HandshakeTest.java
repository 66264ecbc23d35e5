package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.Status;
import dev.vinery.testkit.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HandshakeTest {
  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(1 << 20);

  @Test
  void theReplyHasEveryFieldThatTheOfficialClientReads() {
    Json.Fields reply = daemon.stranger().wire().register();

    assertThat(reply.values().keySet())
        .containsExactly(
            "instance_id",
            "ipc_socket",
            "rpc_endpoint",
            "session_id",
            "store_match",
            "support_rpc_compression",
            "type",
            "version");
    assertThat(reply.whole("instance_id")).isZero();
    assertThat(reply.text("ipc_socket")).isEqualTo(daemon.socket().toString());
    assertThat(reply.text("rpc_endpoint")).isEqualTo("0.0.0.0:0");
    assertThat(reply.whole("session_id")).isZero();
    assertThat(reply.flag("store_match")).isTrue();
    assertThat(reply.flag("support_rpc_compression")).isTrue();
    assertThat(reply.text("type")).isEqualTo("register_reply");
    assertThat(reply.text("version")).isEqualTo("0.24.2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1          | true",
        "2          | false",
        "0          | true",
        "'Normal'   | true",
        "'Plasma'   | false",
        "'whatever' | true",
        "           | true"
      })
  void theKindOfStoreIsComparedWithTheSessions(String storeType, boolean match) {
    String field =
        storeType == null
            ? ""
            : ",\"store_type\":" + (storeType.matches("[0-9]+") ? storeType : quote(storeType));

    Json.Fields reply =
        daemon.stranger().wire().call("{\"type\":\"register_request\"" + field + "}");

    assertThat(reply.flag("store_match")).isEqualTo(match);
  }

  private static String quote(String text) {
    return '"' + text + '"';
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0", "0.24.2", "0.24.4", "99.0.0", "", "no version at all"})
  void theVersionOfTheClientIsNotJudged(String version) {
    Json.Fields reply =
        daemon
            .stranger()
            .wire()
            .call("{\"type\":\"register_request\",\"version\":\"" + version + "\"}");

    assertThat(reply.text("type")).isEqualTo("register_reply");
  }

  @Test
  void beforeItHasRegisteredAClientIsRefusedAndMayStillRegister() {
    TestClient stranger = daemon.stranger();

    assertThat(stranger.refused(new BlobRequest.Create(1))).isEqualTo(Status.INVALID);
    assertThat(stranger.refused("{\"type\":\"instance_status_request\"}")).isEqualTo(1);
    assertThat(stranger.refused("{\"type\":\"create_stream_request\"}")).isEqualTo(1);
    assertThat(stranger.refused("{\"type\":\"no such command\"}")).isEqualTo(1);
    assertThat(stranger.refused("nonsense".repeat(3))).isEqualTo(1);

    stranger.wire().register();
    assertThat(stranger.create(1).sizeBytes()).isOne();
  }

  @Test
  void aClientMayRegisterAgainAndKeepsWhatItHas() {
    TestClient client = daemon.client();
    var id = client.put("kept");

    client.wire().register();

    assertThat(client.text(id)).isEqualTo("kept");
    assertThat(client.status().ipcConnections()).isOne();
  }

  @Test
  void theSessionThatAClientAsksForDoesNotMatterOnALocalSocket() {
    Json.Fields reply =
        daemon.stranger().wire().call("{\"type\":\"register_request\",\"session_id\":12345}");

    assertThat(reply.whole("session_id")).isZero();
  }

  @Test
  void fieldsNobodyKnowsAreIgnored() {
    Json.Fields reply =
        daemon.stranger().wire().call("{\"type\":\"register_request\",\"x\":{\"y\":[1,{}]}}");

    assertThat(reply.text("type")).isEqualTo("register_reply");
  }

  @Test
  void whoExitsIsDisconnectedWithoutAReply() {
    TestClient client = daemon.client();

    client.wire().send(new SessionRequest.Exit());

    assertThat(client.wire().closedByPeer(Eventually.PATIENCE)).isTrue();
  }

  @Test
  void connectionsAreCounted() {
    TestClient first = daemon.client();
    TestClient second = daemon.client();
    assertThat(first.status().ipcConnections()).isEqualTo(2);

    second.close();

    Eventually.eventually(() -> assertThat(first.status().ipcConnections()).isOne());
  }
}
