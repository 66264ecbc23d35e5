package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Objects are copied from one instance to another.
final class MigrationTest {
  private static final String DATA = "vineyard/S0000000000000000/data/";
  private static final String SIGNATURES = "vineyard/S0000000000000000/signatures/";

  @RegisterExtension
  private final DaemonsUnderTest daemons = DaemonsUnderTest.with(ClusterTimes.DEFAULT);

  private final List<Daemon> running = new ArrayList<>();
  private final List<TestClient> clients = new ArrayList<>();

  @BeforeEach
  void start() {
    for (int i = 0; i < 2; i++) {
      Daemon daemon = daemons.start();
      running.add(daemon);
      clients.add(daemons.client(daemon));
    }
  }

  private TestClient here() {
    return clients.getFirst();
  }

  private TestClient there() {
    return clients.getLast();
  }

  @Test
  void anObjectIsCopiedWithAllThatIsBelow() {
    byte[] bytes = noise((3 << 20) + 5);
    ObjectId blob = there().put(bytes);
    ObjectId leaf = leaf(blob);
    ObjectId top =
        there()
            .createObject(
                """
                {"typename": "top", "instance_id": 1, "colour": "red", "nbytes": 3,
                 "left": {"id": "%s"}, "right": {"id": "%s"},
                 "none": {"id": "%s", "typename": "vineyard::Blob", "instance_id": 1}}\
                """
                    .formatted(leaf, leaf, ObjectId.EMPTY_BLOB));
    persist(top);
    there().done(new ObjectRequest.Label(top, List.of("a"), List.of("1")));
    Metadata source = there().metadata(top);

    ObjectId id = migrate(here(), top);

    Metadata copy = here().metadata(id);
    assertThat(id).isNotEqualTo(top);
    assertThat(copy.whole(Metadata.INSTANCE_ID)).isEqualTo(0);
    assertThat(copy.isTransient()).isFalse();
    assertThat(copy.text("colour")).isEqualTo("red");
    assertThat(copy.text(Metadata.LABELS)).isEqualTo(source.text(Metadata.LABELS));
    assertThat(copy.whole(Metadata.SIGNATURE)).isEqualTo(source.whole(Metadata.SIGNATURE));
    assertThat(copy.member("none").id()).isEqualTo(ObjectId.EMPTY_BLOB);
    Metadata copiedLeaf = copy.member("left");
    assertThat(copiedLeaf).as("had twice, there once").isEqualTo(copy.member("right"));
    assertThat(copiedLeaf.id()).isNotEqualTo(leaf);
    assertThat(copiedLeaf.whole(Metadata.SIGNATURE))
        .isEqualTo(source.member("left").whole(Metadata.SIGNATURE));
    assertThat(here().read(here().getOne(copiedLeaf.member("buffer_").id()))).isEqualTo(bytes);
    assertThat(here().usage()).isEqualTo(bytes.length);
    assertThat(fresh(there(), top)).isEqualTo(source);
    assertThat(fresh(there(), id)).as("seen from everywhere").isNotNull();
    assertThat(keys(SIGNATURES + "i0/")).hasSize(1);
  }

  @Test
  void whatHasNoBytesIsCopiedToo() {
    ObjectId scalar =
        there()
            .createObject(
                """
                {"typename": "int", "instance_id": 1, "value_": 42}\
                """);
    persist(scalar);

    ObjectId copy = migrate(here(), scalar);

    assertThat(here().metadata(copy).whole("value_")).isEqualTo(42);
    assertThat(copy).isNotEqualTo(scalar);
  }

  @Test
  void whatCannotBeCopiedIsRefused() {
    ObjectId blob = here().put("x");
    ObjectId global =
        here()
            .createObject(
                """
                {"typename": "all", "instance_id": 0, "global": true}\
                """);
    ObjectId nowhere =
        here()
            .createObject(
                """
                {"typename": "int", "instance_id": 77}\
                """);

    assertThat(refused(blob)).isEqualTo(Status.INVALID);
    assertThat(refused(global)).isEqualTo(Status.INVALID);
    assertThat(refused(nowhere)).isEqualTo(Status.INVALID);
    assertThat(refused(new ObjectId(1))).isEqualTo(Status.META_TREE_SUBTREE_NOT_EXISTS);
  }

  @Test
  void whoAskAtOnceAndLaterShareOneCopy() {
    ObjectId leaf = leaf(there().put(noise(1 << 20)));
    persist(leaf);
    List<TestClient> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(daemons.client(running.getFirst()));
    }
    readers.forEach(reader -> reader.wire().send(new ObjectRequest.Migrate(leaf)));

    List<Reply> replies = readers.stream().map(reader -> reader.wire().receiveReply()).toList();

    assertThat(replies).hasSize(4).containsOnly(new ObjectReply.Migrated(migrate(here(), leaf)));
    assertThat(here().usage()).isEqualTo(1 << 20);
  }

  @Test
  void aDeletedCopyIsMadeAnew() {
    ObjectId leaf = leaf(there().put("payload"));
    persist(leaf);
    ObjectId first = migrate(here(), leaf);
    here().delete(first);

    ObjectId second = migrate(here(), leaf);

    assertThat(second).isNotEqualTo(first);
    assertThat(here().text(here().metadata(second).member("buffer_").id())).isEqualTo("payload");
  }

  @Test
  void theOriginalIsDeletedAndItsCopyStays() {
    ObjectId leaf = leaf(there().put("payload"));
    persist(leaf);
    there().done(new NameRequest.Put("name", leaf));
    ObjectId copy = migrate(here(), leaf);

    there().delete(leaf);

    eventually(() -> assertThat(here().sees(leaf)).isFalse());
    assertThat(here().text(here().metadata(copy).member("buffer_").id())).isEqualTo("payload");
    assertThat(there().usage()).isEqualTo(0);
  }

  @Test
  void lostBytesAreReportedAndNothingIsLeft() {
    ObjectId blob = there().put("payload");
    ObjectId leaf = leaf(blob);
    persist(leaf);
    there().done(new ObjectRequest.Delete(List.of(blob), false, false, true, false, false));

    assertThat(refused(leaf)).isEqualTo(Status.OBJECT_NOT_FOUND);

    assertNothingIsLeft(1);
  }

  @Test
  void whatDoesNotFitIsRefusedAndNothingIsLeft() {
    ObjectId leaf = leaf(there().put(noise(9 << 20)));
    persist(leaf);
    ObjectId other = here().put(noise(9 << 20));

    assertThat(refused(leaf)).isEqualTo(Status.STORE_FULL);

    here().delete(other);
    assertNothingIsLeft(1);
    assertThat(here().sees(migrate(here(), leaf))).isTrue();
  }

  @Test
  void anInstanceThatDiesMeanwhileIsReportedAndCanBeAskedAgain() {
    try (var _ =
        new ScriptedInstance(
            daemons.store(),
            (self, client) -> send(self, client, 1 << 20, 1000),
            (self, client) -> send(self, client, 5, 5))) {
      eventually(() -> assertThat(here().sees(ScriptedInstance.OBJECT)).isTrue());

      assertThat(refused(ScriptedInstance.OBJECT)).isEqualTo(Status.CONNECTION_ERROR);

      assertNothingIsLeft(1);
      ObjectId copy = migrate(here(), ScriptedInstance.OBJECT);
      assertThat(here().read(here().getOne(here().metadata(copy).member("buffer_").id())))
          .hasSize(5);
    }
  }

  @Test
  void anotherInstanceAtTheAddressIsNotBelieved() {
    try (var _ =
        new ScriptedInstance(daemons.store(), (self, client) -> self.answer(client, 3, 5))) {
      eventually(() -> assertThat(here().sees(ScriptedInstance.OBJECT)).isTrue());

      assertThat(refused(ScriptedInstance.OBJECT)).isEqualTo(Status.CONNECTION_FAILED);

      assertNothingIsLeft(1);
    }
  }

  @Test
  void anInstanceThatHasGoneIsReported() {
    new ScriptedInstance(daemons.store(), (_, _) -> {}).close();
    eventually(() -> assertThat(here().sees(ScriptedInstance.OBJECT)).isTrue());

    assertThat(refused(ScriptedInstance.OBJECT)).isEqualTo(Status.CONNECTION_FAILED);

    assertNothingIsLeft(1);
  }

  @Test
  void aDaemonThatClosesCutsOffWhatIsOnItsWay() throws InterruptedException {
    var end = new CountDownLatch(1);
    try (var instance =
        new ScriptedInstance(
            daemons.store(),
            (self, client) -> {
              self.answer(client, ScriptedInstance.INSTANCE, 1 << 20);
              await(end);
            })) {
      eventually(() -> assertThat(here().sees(ScriptedInstance.OBJECT)).isTrue());
      here().wire().send(new ObjectRequest.Migrate(ScriptedInstance.OBJECT));
      instance.awaitAsked();

      running.getFirst().close();

      end.countDown();
    }
  }

  private static void send(ScriptedInstance self, Socket client, long sizeBytes, int sentBytes)
      throws IOException {
    self.answer(client, ScriptedInstance.INSTANCE, sizeBytes);
    client.getOutputStream().write(new byte[sentBytes]);
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// @param objects how many are stored in the cluster
  private void assertNothingIsLeft(int objects) {
    assertThat(here().usage()).isEqualTo(0);
    assertThat(keys(DATA)).hasSize(objects);
    assertThat(keys(SIGNATURES + "i0/")).isEmpty();
  }

  private ObjectId leaf(ObjectId blob) {
    return there()
        .createObject(
            """
            {"typename": "leaf", "instance_id": 1,
             "buffer_": {"id": "%s", "typename": "vineyard::Blob", "instance_id": 1}}\
            """
                .formatted(blob));
  }

  private void persist(ObjectId id) {
    there().done(new ObjectRequest.Persist(id));
  }

  private static ObjectId migrate(TestClient client, ObjectId id) {
    return client.wire().call(new ObjectRequest.Migrate(id), ObjectReply.Migrated.class).id();
  }

  private Status refused(ObjectId id) {
    return here().refused(new ObjectRequest.Migrate(id));
  }

  /// What a client sees who has the daemon catch up.
  private static Metadata fresh(TestClient client, ObjectId id) {
    ObjectReply.Found found =
        client
            .wire()
            .call(new ObjectRequest.Get(List.of(id), true, false), ObjectReply.Found.class);
    return Objects.requireNonNull(found.objects().get(id), () -> "no metadata of " + id);
  }

  private List<String> keys(String prefix) {
    return daemons.store().list(prefix).entries().stream().map(Entry::key).toList();
  }

  private static byte[] noise(int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
