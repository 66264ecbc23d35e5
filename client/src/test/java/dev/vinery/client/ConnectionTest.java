package dev.vinery.client;

import static dev.vinery.client.ScriptedDaemon.answer;
import static dev.vinery.client.ScriptedDaemon.frame;
import static dev.vinery.client.ScriptedDaemon.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vinery.client.contract.Door;
import dev.vinery.client.contract.Relay;
import dev.vinery.protocol.ClusterReply.InstanceStatus;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Frame;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How the client gets on with daemons that are absent, odd, slow or broken, through either door.
@ParameterizedClass
@EnumSource(Door.class)
final class ConnectionTest {
  private static final InstanceStatus STATUS = new InstanceStatus(3, "local", 1, 2, 0, 1, 0, "");

  @Parameter private Door door = Door.SHARED_MEMORY;
  @TempDir private Path directory;
  private Path socket;
  private Relay relay;
  private Address address;

  @BeforeEach
  void chooseAddress() throws IOException {
    socket = directory.resolve("s");
    relay = new Relay(UnixDomainSocketAddress.of(socket));
    address = door == Door.TCP ? relay.address() : new Address.Local(socket);
  }

  @AfterEach
  void closeRelay() {
    relay.close();
  }

  private ScriptedDaemon daemon(Function<Request, ScriptedDaemon.Turn> script) throws Exception {
    return ScriptedDaemon.welcoming(socket, script);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.23.9", "1.24.2", "0.0.0", "new", ""})
  void aDaemonOfAnotherVersionIsRefused(String version) throws Exception {
    var welcome = new SessionReply.Registered(version, "-", "h:1", 0, 0, true, true);
    try (var daemon = new ScriptedDaemon(socket, _ -> answer(welcome))) {
      assertThatThrownBy(() -> Vinery.connect(address))
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("speaks version " + version)
          .hasMessageContaining("use a daemon of version 0.24");
      Waiting.until("the client has left", () -> daemon.openConnections() == 0);
    }
  }

  @Test
  void aSessionOfPlasmaBlobsIsRefused() throws Exception {
    var welcome = new SessionReply.Registered("0.24.2", "-", "h:1", 0, 0, false, true);
    try (var daemon = new ScriptedDaemon(socket, _ -> answer(welcome))) {
      assertThatThrownBy(() -> Vinery.connect(address))
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("plasma");
      Waiting.until("the client has left", () -> daemon.openConnections() == 0);
    }
  }

  @Test
  void refusedCredentialsAreAConnectionException() throws Exception {
    var options = ConnectOptions.DEFAULT.withCredentials("ann", "secret");
    var refusal = answer(new Reply.Failed(Status.CONNECTION_ERROR, "wrong password"));
    try (var daemon = new ScriptedDaemon(socket, _ -> refusal)) {
      assertThatThrownBy(() -> Vinery.connect(address, options))
          .isInstanceOf(ConnectionException.class)
          .hasMessage("wrong password (register as ann)");
      Waiting.until("the client has left", () -> daemon.openConnections() == 0);
    }
  }

  @Test
  void aRefusalHasTheStatusAndNamesTheCall() throws Exception {
    var id = new ObjectId(0xabc);
    var refusal = new Reply.Failed(Status.META_TREE_SUBTREE_NOT_EXISTS, "no such\nthing");
    try (var _ = daemon(_ -> answer(refusal));
        Client client = Vinery.connect(address)) {
      var refused = catchThrowableOfType(StoreException.class, () -> client.persist(id));

      assertThat(refused.status()).isEqualTo(Status.META_TREE_SUBTREE_NOT_EXISTS);
      assertThat(refused).hasMessage("no such thing (persist o0000000000000abc)");
    }
  }

  @Test
  void anObjectThatIsNotFoundIsAskedForAgainAfterTheDaemonCaughtUp() throws Exception {
    var id = new ObjectId(5);
    var objects = new LinkedHashMap<ObjectId, Metadata>();
    objects.put(id, Metadata.builder("T").put(Metadata.ID, id.toString()).build());
    var found = answer(new ObjectReply.Found(objects));
    var missing = answer(new ObjectReply.Found(new LinkedHashMap<>()));
    try (var daemon = daemon(request -> ((ObjectRequest.Get) request).synced() ? found : missing);
        Client client = Vinery.connect(address)) {
      assertThat(client.getMetadata(id).typeName()).isEqualTo("T");
      assertThat(daemon.requests()).hasSize(2);
    }
  }

  @Test
  void aDaemonThatDoesNotAnswerInTimeIsGivenUp() throws Exception {
    var options = ConnectOptions.DEFAULT.withTimeout(Duration.ofMillis(1));
    try (var daemon = daemon(_ -> new ScriptedDaemon.Silence());
        Client client = patientlyConnect(options)) {
      assertThatThrownBy(client::status)
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("did not answer within");
      assertThatThrownBy(client::status)
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("did not answer within");
      Waiting.until("the client has left", () -> daemon.openConnections() == 0);
    }
  }

  /// Connects although the welcome may come later than such a short time-out allows.
  private Client patientlyConnect(ConnectOptions options) {
    while (true) {
      try {
        return Vinery.connect(address, options);
      } catch (ConnectionException late) {
        assertThat(late).hasMessageContaining("did not answer within");
      }
    }
  }

  @Test
  void anInterruptEndsACallAndTheConnection() throws Exception {
    try (var daemon = daemon(_ -> new ScriptedDaemon.Silence());
        Client client = Vinery.connect(address)) {
      var outcome = new CompletableFuture<Boolean>();
      var caller =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  client.status();
                  outcome.completeExceptionally(new AssertionError("an answer came"));
                } catch (ConnectionException interrupted) {
                  outcome.complete(Thread.currentThread().isInterrupted());
                }
              });
      Waiting.until("the daemon was asked", () -> !daemon.requests().isEmpty());

      caller.interrupt();

      assertThat(outcome.get(20, TimeUnit.SECONDS)).as("still interrupted").isTrue();
      Waiting.until("the connection has ended", () -> daemon.openConnections() == 0);
    }
  }

  @Test
  void aDaemonThatGoesAwayIsSaid() throws Exception {
    try (var _ = daemon(_ -> new ScriptedDaemon.HangUp());
        Client client = Vinery.connect(address)) {
      assertThatThrownBy(client::status)
          .isInstanceOf(ConnectionException.class)
          .hasMessage("the daemon at %s is gone", address);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}", "{\"type\":\"seal_reply\"}", "{\"type\":1}"})
  void aReplyThatMakesNoSenseEndsTheConnection(String body) throws Exception {
    try (var daemon = daemon(_ -> frame(body));
        Client client = Vinery.connect(address)) {
      assertThatThrownBy(client::status).isInstanceOf(ProtocolException.class);
      assertThatThrownBy(client::status).isInstanceOf(afterwards());
      Waiting.until("the client has left", () -> daemon.openConnections() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Frame.MAX_REPLY_BYTES + 1L, -1, Long.MIN_VALUE})
  void aReplyThatIsTooLongEndsTheConnection(long length) throws Exception {
    try (var _ = daemon(_ -> new ScriptedDaemon.Raw(header(length)));
        Client client = Vinery.connect(address)) {
      assertThatThrownBy(client::status)
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("bytes, more than");
      assertThatThrownBy(client::status).isInstanceOf(afterwards());
    }
  }

  /// What a call meets after the connection was given up: over TCP a new connection, and there the
  /// same nonsense.
  private Class<? extends StoreException> afterwards() {
    return door == Door.TCP ? ProtocolException.class : ConnectionException.class;
  }

  @Test
  void longRequestsAndRepliesArriveWhole() throws Exception {
    var id = new ObjectId(7);
    var text = "é\u0001\"x".repeat(300_000);
    var sent = Metadata.builder("T").put("text", text).build();
    var objects = new LinkedHashMap<ObjectId, Metadata>();
    objects.put(id, sent);
    try (var daemon =
            daemon(request ->
                request instanceof ObjectRequest.Create
                    ? answer(new ObjectReply.Created(new ObjectReply.Identity(id, 1, 0)))
                    : answer(new ObjectReply.Found(objects)));
        Client client = Vinery.connect(address)) {
      assertThat(client.createMetadata(sent)).isEqualTo(id);
      assertThat(client.getMetadata(id).text("text")).isEqualTo(text);
      assertThat(client.getMetadata(id).text("text")).isEqualTo(text);

      var create = (ObjectRequest.Create) daemon.requests().getFirst();
      assertThat(Metadata.of((dev.vinery.protocol.Json.Fields) create.content()).text("text"))
          .isEqualTo(text);
    }
  }

  @Test
  void waitingForANameHoldsUpNoOtherCall() throws Exception {
    try (var daemon =
            daemon(request ->
                request instanceof NameRequest.Get
                    ? new ScriptedDaemon.Silence()
                    : answer(STATUS));
        Client client = Vinery.connect(address);
        var executor = Executors.newSingleThreadExecutor()) {
      var waiter = executor.submit(() -> client.awaitName("n", Duration.ofMinutes(5)));
      Waiting.until("the daemon was asked", () -> !daemon.requests().isEmpty());

      assertThat(client.status()).isEqualTo(STATUS);

      waiter.cancel(true);
    }
  }

  @Test
  void waitingInVainLeavesTheClientAsItWas() throws Exception {
    try (var daemon =
            daemon(request ->
                request instanceof ClusterRequest ? answer(STATUS) : new ScriptedDaemon.Silence());
        Client client = Vinery.connect(address)) {
      assertThatThrownBy(() -> client.awaitName("n", Duration.ofMillis(1)))
          .isInstanceOf(ObjectNotFoundException.class)
          .hasMessageContaining("no name 'n' within");
      assertThatThrownBy(() -> client.awaitMetadata(new ObjectId(1), Duration.ZERO))
          .isInstanceOf(ObjectNotFoundException.class);
      assertThat(client.status()).isEqualTo(STATUS);
      Waiting.until("the waiters have left", () -> daemon.openConnections() == 1);
    }
  }

  @Test
  void manyThreadsOfBothKindsShareAClient() throws Exception {
    try (var _ =
            daemon(request ->
                answer(
                    new NameReply.Found(new ObjectId(nameAsNumber((NameRequest.Get) request)))));
        Client client = Vinery.connect(address);
        var virtual = Executors.newVirtualThreadPerTaskExecutor();
        var platform = Executors.newFixedThreadPool(4)) {
      for (var executor : List.of(virtual, platform)) {
        var calls =
            java.util.stream.LongStream.range(0, 500)
                .mapToObj(i -> executor.submit(() -> client.getName(Long.toString(i)).value()))
                .toList();
        for (int i = 0; i < calls.size(); i++) {
          assertThat(calls.get(i).get()).isEqualTo(i);
        }
      }
    }
  }

  private static long nameAsNumber(NameRequest.Get request) {
    return Long.parseLong(request.name());
  }

  @Test
  void aClosedClientSaysSo() throws Exception {
    try (var daemon = daemon(_ -> answer(STATUS))) {
      Client client = Vinery.connect(address);
      client.close();
      client.close();

      assertThatThrownBy(client::status)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the client is closed");
      Waiting.until("the client has left", () -> daemon.openConnections() == 0);
    }
  }
}
