package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.EmbeddedMetadataStore;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.protocol.ClusterReply;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Daemons that lose each other, or the metadata store.
final class OutageTest {
  private static final String DATA = "vineyard/S0000000000000000/data/";

  private static final ClusterTimes QUICK =
      new ClusterTimes(
          Duration.ofMillis(600),
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofMillis(300),
          Duration.ofMillis(500),
          Duration.ofMillis(200));

  @RegisterExtension private final DaemonsUnderTest daemons = DaemonsUnderTest.with(QUICK);

  private final List<FailingStore> ways = new ArrayList<>();

  @Test
  void whatADaemonHadThatDiesIsDeletedByASurvivor() {
    TestClient survivor = daemons.client(daemons.start());
    daemons.client(daemons.start());
    TestClient dying = daemons.client(daemons.start(this::throughAWay));
    ObjectId part = object(dying, 2);
    ObjectId other = object(survivor, 0);
    assertThat(fresh(survivor, part)).isTrue();
    ObjectId pair =
        survivor.createObject(
            """
            {"typename": "pair", "instance_id": 0, "global": true,
             "a": {"id": "%s"}, "b": {"id": "%s"}}\
            """
                .formatted(part, other));
    survivor.done(new ObjectRequest.Persist(pair));

    ways.getFirst().cut(); // from here on, it is as dead for the others

    eventually(() -> assertThat(instances(survivor)).containsExactlyInAnyOrder("i0", "i1"));
    assertThat(daemons.store().list(DATA).entries())
        .extracting(Entry::key)
        .as("what has no part of the dead one")
        .containsExactly(DATA + other);
    assertThat(fresh(survivor, pair)).isFalse();
    assertThat(daemons.store().list("vineyard/vinery/clean/").entries()).isEmpty();
  }

  @Test
  void aDaemonThatWasTakenForDeadStoresAgainWhatItHas() {
    TestClient survivor = daemons.client(daemons.start());
    TestClient lost = daemons.client(daemons.start(this::throughAWay));
    ObjectId object = object(lost, 1);
    lost.done(new NameRequest.Put("name", object));
    ways.getFirst().cut();
    eventually(() -> assertThat(instances(survivor)).containsExactly("i0"));
    assertThat(fresh(survivor, object)).isFalse();

    ways.getFirst().mend();

    eventually(() -> assertThat(instances(survivor)).containsExactlyInAnyOrder("i0", "i1"));
    eventually(() -> assertThat(fresh(survivor, object)).isTrue());
    assertThat(lost.text(blobOf(lost, object))).isEqualTo("payload");
    assertThat(lost.status().instanceId()).isEqualTo(1);
    assertThat(survivor.wire().call(new NameRequest.Get("name", false), NameReply.Found.class).id())
        .isEqualTo(object);
  }

  @Test
  void localWorkGoesOnWhileTheStoreIsLostAndWhatMustBeStoredFailsClearly() {
    TestClient client = daemons.client(daemons.start(this::throughAWay));
    ObjectId before = object(client, 0);
    ways.getFirst().cut();

    ObjectId during = leaf(client, 0);
    client.wire().send(new ObjectRequest.Persist(during));
    var refused = (Reply.Failed) client.wire().receiveReply();
    assertThat(refused.status()).isEqualTo(Status.ETCD_ERROR);
    assertThat(refused.message()).contains("not stored within", "cut by the test", "try again");
    assertThat(isPersistent(client, during)).as("as before").isFalse();
    assertThat(fresh(client, before)).as("what is known").isTrue();
    assertThat(fresh(client, during)).isTrue();

    ways.getFirst().mend();
    eventually(() -> client.done(new ObjectRequest.Persist(during)));
    assertThat(daemons.store().get(DATA + during)).isPresent();
  }

  @Test
  void whatIsStoredDuringAShortOutageWaitsForItsEnd() {
    TestClient client = daemons.client(daemons.start(this::throughAWay));
    ObjectId object = leaf(client, 0);
    ways.getFirst().cut();
    client.wire().send(new ObjectRequest.Persist(object));

    ways.getFirst().mend();

    assertThat(client.wire().receiveReply()).isEqualTo(Reply.Done.PERSIST);
    assertThat(daemons.store().get(DATA + object)).isPresent();
  }

  @Test
  void aLabelThatIsGivenDuringAShortOutageWaitsForItsEnd() {
    TestClient client = daemons.client(daemons.start(this::throughAWay));
    ObjectId object = object(client, 0);
    ways.getFirst().cut();
    client.wire().send(new ObjectRequest.Label(object, List.of("a"), List.of("b")));

    ways.getFirst().mend();

    assertThat(client.wire().receiveReply()).isEqualTo(Reply.Done.LABEL);
    assertThat(client.metadata(object).text("__labels")).isEqualTo("{\"a\":\"b\"}");
  }

  @Test
  void aLabelThatCannotBeStoredInTimeIsRefused() {
    TestClient client = daemons.client(daemons.start(this::throughAWay));
    ObjectId object = object(client, 0);
    ways.getFirst().cut();

    client.wire().send(new ObjectRequest.Label(object, List.of("a"), List.of("b")));

    var refused = (Reply.Failed) client.wire().receiveReply();
    assertThat(refused.message()).contains("not stored within", "cut by the test", "try again");
  }

  @Test
  void aDeleteThatCouldNotBeStoredIsStoredLater() {
    TestClient client = daemons.client(daemons.start(this::throughAWay));
    ObjectId object = object(client, 0);
    ways.getFirst().cut();
    assertThat(
            client.refused(
                new ObjectRequest.Delete(List.of(object), false, true, false, false, false)))
        .isEqualTo(Status.ETCD_ERROR);
    assertThat(client.sees(object)).isFalse();

    ways.getFirst().mend();

    eventually(() -> assertThat(daemons.store().get(DATA + object)).isEmpty());
    assertThat(fresh(client, object)).isFalse();
  }

  @Test
  void aStoreThatComesBackEmptyIsFilledAgain() {
    TestClient first = daemons.client(daemons.start(this::throughAWay));
    TestClient second = daemons.client(daemons.start(this::throughAWay));
    ObjectId ofFirst = object(first, 0);
    ObjectId ofSecond = object(second, 1);
    first.done(new NameRequest.Put("first", ofFirst));
    assertThat(fresh(first, ofSecond)).isTrue();
    List<String> before = sessionKeys(daemons.store());
    try (var empty = new EmbeddedMetadataStore(InstantSource.system())) {
      ways.forEach(FailingStore::cut);

      ways.forEach(way -> way.mendWith(empty));

      eventually(() -> assertThat(sessionKeys(empty)).isEqualTo(before));
      eventually(() -> assertThat(fresh(second, ofFirst) && fresh(first, ofSecond)).isTrue());
      assertThat(
              second.wire().call(new NameRequest.Get("first", false), NameReply.Found.class).id())
          .isEqualTo(ofFirst);
      assertThat(instances(first)).containsExactlyInAnyOrder("i0", "i1");
      ObjectId later = object(second, 1);
      assertThat(fresh(first, later)).isTrue();
      daemons.closeAll();
    }
  }

  @Test
  void aDaemonWhoseNumberWasTakenMeanwhileStoresNothingUntilItIsFreeAgain() {
    TestClient client = daemons.client(daemons.start(this::throughAWay));
    ObjectId before = object(client, 0);
    String root = "vineyard/S0000000000000000/";
    try (var empty = new EmbeddedMetadataStore(InstantSource.system())) {
      ways.getFirst().cut();
      var taken = new Change.Put(root + "instances/i0/hostid", "1");
      empty.commit(List.of(taken, new Change.Put("vineyard/vinery/alive/i0", "1")));

      ways.getFirst().mendWith(empty);

      eventually(
          () -> // it notices within a beat
          assertThat(persisted(client, leaf(client, 0))).isInstanceOf(Reply.Failed.class));
      ObjectId during = leaf(client, 0);
      assertThat(((Reply.Failed) persisted(client, during)).message())
          .contains("another daemon took the instance number 0", "start this one again");
      assertThat(empty.get(DATA + during)).isEmpty();
      assertThat(client.text(blobOf(client, before))).isEqualTo("payload");

      empty.commit(List.of(new Change.Delete(taken.key())));

      eventually(() -> assertThat(empty.get(DATA + before)).isPresent());
      eventually(() -> client.done(new ObjectRequest.Persist(during)));
      daemons.closeAll();
    }
  }

  @Test
  void theLastDaemonLeavesNothingBehind() {
    TestClient first = daemons.client(daemons.start());
    object(first, 0);

    daemons.closeAll();

    assertThat(daemons.store().list("vineyard/").entries())
        .extracting(Entry::key)
        .containsExactly("vineyard/S0000000000000000/next_instance_id");
  }

  @Test
  void whatADaemonHadThatLeavesCanBeReadForAWhileAndIsThenDeleted() {
    TestClient stays = daemons.client(daemons.start());
    Daemon leaving = daemons.start();
    ObjectId object = object(daemons.client(leaving), 1);

    leaving.close();

    assertThat(fresh(stays, object)).isTrue();
    eventually(() -> assertThat(fresh(stays, object)).isFalse());
    assertThat(instances(stays)).containsExactly("i0");
  }

  @Test
  void anUpstreamDaemonWhoseTimestampStandsStillIsCleanedUpAfter() {
    TestClient client = daemons.client(daemons.start());
    String root = "vineyard/S0000000000000000/";
    daemons
        .store()
        .commit(
            List.of(
                new Change.Put(root + "instances/i7/hostid", "1"),
                new Change.Put(root + "instances/i7/ipc_socket", "\"s\""),
                new Change.Put(root + "instances/i7/rpc_endpoint", "\"h:1\""),
                new Change.Put(root + "instances/i7/timestamp", "1"),
                new Change.Put(
                    DATA + "o0000000000000abc",
                    "{\"instance_id\":7,\"typename\":\"vx\",\"transient\":false}")));
    assertThat(instances(client)).contains("i7");

    eventually(() -> assertThat(instances(client)).containsExactly("i0"));
    assertThat(daemons.store().list(DATA).entries()).isEmpty();
  }

  @Test
  void theEtcdOfADeadDaemonIsTakenOutByExactlyOne() {
    List<Long> removed = new CopyOnWriteArrayList<>();
    TestClient client = daemons.client(daemons.start(store -> new Members(store, removed)));
    daemons.start(store -> new Members(store, removed));
    String root = "vineyard/S0000000000000000/instances/i7/";
    daemons
        .store()
        .commit(
            List.of(
                new Change.Put(root + "hostid", "1"),
                new Change.Put(root + "member_id", "\"18446744073709551615\""),
                new Change.Put(root + "ipc_socket", "\"s\""),
                new Change.Put(root + "rpc_endpoint", "\"h:1\"")));

    eventually(() -> assertThat(removed).containsExactly(-1L));
    eventually(() -> assertThat(instances(client)).containsExactlyInAnyOrder("i0", "i1"));
    daemons.closeAll();
    assertThat(removed).hasSize(1);
  }

  /// Notes which members are removed.
  private static final class Members extends SharedStore {
    private final List<Long> removed;

    Members(MetadataStore store, List<Long> removed) {
      super(store);
      this.removed = removed;
    }

    @Override
    public void removeMember(long member) {
      removed.add(member);
    }
  }

  private SharedStore throughAWay(MetadataStore store) {
    var way = new FailingStore(store);
    ways.add(way);
    return way;
  }

  private static List<String> sessionKeys(MetadataStore store) {
    return store.list("vineyard/S0000000000000000/").entries().stream().map(Entry::key).toList();
  }

  private static Set<String> instances(TestClient client) {
    return client
        .wire()
        .call(new ClusterRequest.Instances(), ClusterReply.Instances.class)
        .instances()
        .keySet();
  }

  private static ObjectId leaf(TestClient client, long instanceId) {
    return client.createObject(
        """
        {"typename": "leaf", "instance_id": %d,
         "buffer_": {"id": "%s", "typename": "vineyard::Blob", "instance_id": %d}}\
        """
            .formatted(instanceId, client.put("payload"), instanceId));
  }

  private static Reply persisted(TestClient client, ObjectId id) {
    client.wire().send(new ObjectRequest.Persist(id));
    return client.wire().receiveReply();
  }

  private static ObjectId object(TestClient client, long instanceId) {
    ObjectId id = leaf(client, instanceId);
    client.done(new ObjectRequest.Persist(id));
    return id;
  }

  private static ObjectId blobOf(TestClient client, ObjectId id) {
    Metadata seen = client.metadata(id);
    return seen.member("buffer_").id();
  }

  private static boolean isPersistent(TestClient client, ObjectId id) {
    return client
        .wire()
        .call(new ObjectRequest.IsPersistent(id), ObjectReply.IsPersistent.class)
        .persistent();
  }

  private static boolean fresh(TestClient client, ObjectId id) {
    return client
        .wire()
        .call(new ObjectRequest.Get(List.of(id), true, false), ObjectReply.Found.class)
        .objects()
        .containsKey(id);
  }
}
