package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ClusterReply;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.Frame;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.PlasmaRequest;
import dev.vinery.protocol.RemoteBlobRequest;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.SlabRequest;
import dev.vinery.protocol.Status;
import dev.vinery.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is particular to clients that come over TCP.
final class TcpTest {
  private static final int LIMIT_BYTES = 4 << 20;

  @RegisterExtension
  private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(LIMIT_BYTES).through(Door.TCP);

  @Test
  void registeringTellsWhereOtherHostsConnect() {
    String endpoint = "localhost:" + daemon.address().getPort();

    assertThat(daemon.stranger().wire().register().text("rpc_endpoint")).isEqualTo(endpoint);
    assertThat(daemon.localClient().wire().register().text("rpc_endpoint")).isEqualTo(endpoint);
    var instances =
        daemon.client().wire().call(new ClusterRequest.Instances(), ClusterReply.Instances.class);
    assertThat(instances.instances().get("i0"))
        .extracting(self -> self.text("rpc_endpoint"))
        .isEqualTo(endpoint);
  }

  @Test
  void connectionsAreCountedByTheirDoor() {
    TestClient local = daemon.localClient();
    TestClient first = daemon.client();
    TestClient second = daemon.client();
    assertThat(local.status().ipcConnections()).isOne();
    assertThat(local.status().rpcConnections()).isEqualTo(2);

    second.close();

    eventually(() -> assertThat(first.status().rpcConnections()).isOne());
  }

  @Test
  void bothVersionsOfIpAreServed() throws IOException {
    for (byte[] address : new byte[][] {{127, 0, 0, 1}, loopback6()}) {
      var where =
          new InetSocketAddress(InetAddress.getByAddress(address), daemon.address().getPort());
      try (TestClient client = TestClient.registered(where)) {
        assertThat(client.status().rpcConnections()).isPositive();
      }
    }
  }

  private static byte[] loopback6() {
    byte[] address = new byte[16];
    address[15] = 1;
    return address;
  }

  @Test
  void commandsThatNeedSharedMemoryAreRefused() {
    TestClient client = daemon.client();
    ObjectId id = client.upload(new byte[] {1}).id();

    for (Request request :
        List.of(
            new BlobRequest.Create(1),
            new BlobRequest.Create(0),
            new BlobRequest.CreateMany(List.of(1L)),
            new BlobRequest.CreateOnDisk(1, ""),
            new BlobRequest.Get(List.of(id), false),
            new SlabRequest.Make(10),
            new SlabRequest.Finish(1, List.of(), List.of()),
            new PlasmaRequest.Create("p", 1, 1),
            new PlasmaRequest.Get(List.of("p"), false))) {
      assertThat(client.refused(request)).isEqualTo(Status.INVALID);
    }
    assertThat(client.usage()).isOne();
    assertThat(client.wire().silent()).isTrue();
  }

  @Test
  void theSessionOfAConnectionIsTheOneItRegistersFor() {
    TestClient root = daemon.client();
    TestClient local = daemon.client(open(root));
    long session = local.wire().register().whole("session_id");
    TestClient remote = daemon.stranger();

    Json.Fields reply = register(remote, session);

    assertThat(reply.whole("session_id")).isEqualTo(session);
    assertThat(reply.text("rpc_endpoint")).isEqualTo("0.0.0.0:0");
    ObjectId id = remote.upload("there".getBytes(StandardCharsets.UTF_8)).id();
    assertThat(local.text(id)).isEqualTo("there");
    assertThat(root.exists(id)).isFalse();
    assertThat(root.download(id)).isEmpty();
    assertThat(root.status().rpcConnections()).isEqualTo(2);
  }

  @Test
  void aSessionThatDoesNotExistIsRefusedAndTheConnectionMayRegisterStill() {
    TestClient client = daemon.stranger();

    assertThat(register(client, 12345).whole("code")).isOne();
    assertThat(client.refused(new RemoteBlobRequest.Upload(1, false))).isEqualTo(Status.INVALID);

    assertThat(register(client, 0).text("type")).isEqualTo("register_reply");
    assertThat(client.upload(new byte[] {1}).sizeBytes()).isOne();
  }

  @Test
  void aRegisteredConnectionStaysInItsSession() {
    TestClient client = daemon.client();
    TestClient other = daemon.client(open(client));
    long session = other.wire().register().whole("session_id");
    ObjectId id = client.upload(new byte[] {1}).id();

    assertThat(register(client, session).whole("code")).isOne();

    assertThat(client.exists(id)).isTrue();
    assertThat(register(client, 0).text("type")).isEqualTo("register_reply");
  }

  @Test
  void aSessionEndsWhenItsLastConnectionHasLeftWhicheverDoorItTook() {
    TestClient root = daemon.client();
    TestClient local = daemon.client(open(root));
    long session = local.wire().register().whole("session_id");
    TestClient remote = daemon.stranger();
    register(remote, session);
    ObjectId id = remote.upload(new byte[7]).id();

    local.done(new SessionRequest.Delete());

    assertThat(remote.exists(id)).isTrue();
    assertThat(register(daemon.stranger(), session).whole("code")).as("nobody joins").isOne();
    remote.close();
    eventually(() -> assertThat(root.usage()).isZero());
  }

  private static Path open(TestClient client) {
    return client
        .wire()
        .call(new SessionRequest.Open(StoreType.NORMAL), SessionReply.Opened.class)
        .socket();
  }

  private static Json.Fields register(TestClient client, long session) {
    return client.wire().call("{\"type\":\"register_request\",\"session_id\":" + session + "}");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Frame.MAX_REQUEST_BYTES + 1L, Long.MAX_VALUE})
  void aFrameLongerThanAllowedEndsTheConnection(long length) {
    TestClient client = daemon.client();

    client.wire().sendLength(length);

    assertThat(client.wire().closedByPeer(Eventually.PATIENCE)).isTrue();
  }

  @Test
  void garbageEndsTheConnectionOrIsRefusedAndDisturbsNobody() {
    TestClient neighbour = daemon.client();
    Random random = new Random(4);
    for (int i = 0; i < 50; i++) {
      TestClient client = random.nextBoolean() ? daemon.client() : daemon.stranger();
      byte[] garbage = new byte[random.nextInt(1, 10_000)];
      random.nextBytes(garbage);
      if (random.nextBoolean()) {
        client.wire().sendFrame(garbage);
        client.wire().receiveReply();
      } else {
        client.wire().send(garbage);
      }
      client.close();
    }

    eventually(() -> assertThat(neighbour.status().rpcConnections()).isOne());
    assertThat(neighbour.upload(new byte[] {1}).sizeBytes()).isOne();
  }

  @Test
  void aFrameInSinglePiecesIsUnderstood() {
    TestClient client = daemon.client();
    byte[] body = "{\"type\":\"exists_request\",\"id\":1}".getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[8 + body.length];
    frame[0] = (byte) body.length;
    System.arraycopy(body, 0, frame, 8, body.length);

    for (byte each : frame) {
      client.wire().send(new byte[] {each});
    }

    assertThat(client.wire().receiveReply()).isEqualTo(new ObjectReply.Exists(false));
  }

  @Test
  void aLargeRequestAndALargeReplyPass() {
    TestClient client = daemon.client();
    String tree = "{\"typename\":\"T\",\"instance_id\":0,\"x\":\"" + "y".repeat(3 << 20) + "\"}";

    ObjectId id = client.createObject(tree);

    assertThat(client.metadata(id).text("x")).hasSize(3 << 20);
  }

  @Test
  void whoLeavesWhileItWaitsIsForgotten() {
    TestClient neighbour = daemon.client();
    TestClient waiting = daemon.client();
    waiting.wire().send(new NameRequest.Get("n", true));
    eventually(() -> assertThat(neighbour.status().deferredRequests()).isOne());

    waiting.close();

    eventually(() -> {
      assertThat(neighbour.status().deferredRequests()).isZero();
      assertThat(neighbour.status().rpcConnections()).isOne();
    });
  }

  @Test
  void moreSentAheadOfAWaitThanIsLookedAtIsAnsweredInTheEnd() {
    TestClient neighbour = daemon.client();
    TestClient waiting = daemon.client();
    waiting.wire().send(new NameRequest.Get("n", true));
    for (int i = 0; i < 1000; i++) {
      waiting.wire().sendFrame("{\"type\":\"exists_request\",\"id\":1}");
    }
    eventually(() -> assertThat(neighbour.status().deferredRequests()).isOne());
    ObjectId id = neighbour.createObject("{\"typename\":\"T\",\"instance_id\":0}");
    neighbour.done(new ObjectRequest.Persist(id));

    neighbour.done(new NameRequest.Put("n", id));

    assertThat(waiting.wire().receiveReply()).isEqualTo(new NameReply.Found(id));
    for (int i = 0; i < 1000; i++) {
      assertThat(waiting.wire().receiveReply()).isEqualTo(new ObjectReply.Exists(false));
    }
  }

  @Test
  void closingTheDaemonEndsConnectionsInTheMiddleOfATransfer() {
    TestClient uploading = daemon.client();
    uploading.beginUpload(1 << 20);
    TestClient downloading = daemon.client();
    ObjectId id = downloading.upload(new byte[2 << 20]).id();
    downloading.wire().send(new RemoteBlobRequest.Download(List.of(id), false, false));
    downloading.wire().receiveReply();

    daemon.daemon().close();

    assertThat(uploading.wire().closedByPeer(Eventually.PATIENCE)).isTrue();
  }

  @Test
  void aPortThatIsTakenIsNamed(@TempDir Path directory) {
    int port = daemon.address().getPort();
    DaemonOptions options =
        DaemonOptions.of(directory.resolve("s"), LIMIT_BYTES).withRpcPort(OptionalInt.of(port));

    assertThatThrownBy(() -> Daemon.start(options))
        .isExactlyInstanceOf(PortTakenException.class)
        .hasMessage("cannot listen on TCP port " + port + ": address already in use");
    assertThat(directory).isEmptyDirectory();
  }
}
