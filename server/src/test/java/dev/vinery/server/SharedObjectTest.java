package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Status;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two daemons share a metadata store.
final class SharedObjectTest {
  private static final String DATA = "vineyard/S0000000000000000/data/";
  private static final String SIGNATURES = "vineyard/S0000000000000000/signatures/";

  @RegisterExtension
  private final DaemonsUnderTest daemons = DaemonsUnderTest.with(ClusterTimes.DEFAULT);

  private final List<TestClient> clients = new ArrayList<>();

  @BeforeEach
  void start() {
    clients.add(daemons.client(daemons.start()));
    clients.add(daemons.client(daemons.start()));
  }

  private TestClient here() {
    return clients.getFirst();
  }

  private TestClient there() {
    return clients.getLast();
  }

  @Test
  void whatIsPersistedHereIsSeenThereAtOnce() {
    ObjectId blob = here().put("payload");
    ObjectId tensor = leaf(here(), 0, blob);
    assertThat(fresh(there(), tensor).objects()).as("while it is transient").isEmpty();

    persist(here(), tensor);

    Metadata seen = Objects.requireNonNull(fresh(there(), tensor).objects().get(tensor));
    assertThat(seen.whole(Metadata.INSTANCE_ID)).isEqualTo(0);
    assertThat(seen.isTransient()).isFalse();
    assertThat(seen.typeName()).isEqualTo("vineyard::Tensor<int>");
    assertThat(seen.member("buffer_").id()).isEqualTo(blob);
    assertThat(isPersistent(there(), tensor)).isTrue();
    assertThat(there().exists(tensor)).isTrue();
  }

  @Test
  void persistingWritesTheKeysThatUpstreamWrites() {
    ObjectId tensor = leaf(here(), 0, here().put("payload"));
    long signature = here().metadata(tensor).whole(Metadata.SIGNATURE);

    persist(here(), tensor);

    assertThat(keys(DATA)).containsExactly(DATA + tensor);
    assertThat(daemons.store().list(SIGNATURES).entries())
        .extracting(Entry::key, Entry::value)
        .containsExactly(
            tuple(
                SIGNATURES + "i0/s" + HexFormat.of().toHexDigits(signature), "\"" + tensor + "\""));
  }

  @Test
  void whatIsDeletedThereFreesItsBlobsHere() {
    ObjectId blob = here().put("payload");
    ObjectId tensor = leaf(here(), 0, blob);
    persist(here(), tensor);
    long used = here().usage();

    there().delete(tensor);

    assertThat(there().sees(tensor)).isFalse();
    assertThat(fresh(here(), tensor).objects()).isEmpty();
    assertThat(here().usage()).isEqualTo(used - "payload".length());
    assertThat(keys(DATA)).isEmpty();
    assertThat(keys(SIGNATURES)).isEmpty();
  }

  @Test
  void aGlobalObjectHasPartsOnBothInstances() {
    ObjectId ofHere = leaf(here(), 0, here().put("left"));
    ObjectId ofThere = leaf(there(), 1, there().put("right"));
    persist(here(), ofHere);
    persist(there(), ofThere);
    assertThat(fresh(here(), ofThere).objects()).containsKey(ofThere);

    ObjectId pair = global(here(), ofHere, ofThere);
    persist(here(), pair);

    Metadata seen = Objects.requireNonNull(fresh(there(), pair).objects().get(pair));
    assertThat(seen.whole(Metadata.INSTANCE_ID)).isEqualTo(InstanceId.UNSPECIFIED);
    assertThat(seen.member("a").text(Metadata.ID)).isEqualTo(ofHere.toString());
    assertThat(seen.member("b").text(Metadata.ID)).isEqualTo(ofThere.toString());
    there().delete(ofThere);
    assertThat(fresh(here(), ofThere).objects()).as("a part of something").isNotEmpty();

    there().delete(pair);

    assertThat(fresh(here(), pair).objects()).isEmpty();
    assertThat(keys(DATA)).isEmpty();
    eventually(() -> assertThat(here().usage() + there().usage()).isEqualTo(0));
  }

  @Test
  void aGlobalObjectIsReadByTheNearestCopyOfAPart() {
    ObjectId part = leaf(there(), 1, there().put("part"));
    persist(there(), part);
    long signature = there().metadata(part).whole(Metadata.SIGNATURE);
    assertThat(fresh(here(), part).objects()).containsKey(part);
    ObjectId pair = global(here(), part, part);
    persist(here(), pair);
    ObjectId copy =
        here()
            .createObject(
                """
                {"typename": "vineyard::Tensor<int>", "instance_id": 0, "signature": %d}\
                """
                    .formatted(signature));

    persist(here(), copy);

    assertThat(member(here(), pair, "a")).isEqualTo(copy.toString());
    assertThat(member(there(), pair, "a")).isEqualTo(part.toString());
    there().delete(part);
    assertThat(member(there(), pair, "a")).as("there is a copy").isEqualTo(copy.toString());
  }

  @Test
  void namesAreSharedAndWaitedForAcrossDaemons() throws Exception {
    ObjectId tensor = leaf(here(), 0, here().put("payload"));
    persist(here(), tensor);
    there().wire().send(new NameRequest.Get("a/b", true));

    here().done(new NameRequest.Put("a/b", tensor));

    assertThat(there().wire().receiveReply()).isEqualTo(new NameReply.Found(tensor));
    assertThat(there().metadata(tensor).text(Metadata.NAME)).isEqualTo("a~1b");
    assertThat(
            there()
                .wire()
                .call(new NameRequest.Find("*", false, 10), NameReply.Listed.class)
                .names())
        .containsEntry("a/b", tensor);
    there().done(new NameRequest.Drop("a/b"));
    assertThat(here().refused(new NameRequest.Get("a/b", false)))
        .isEqualTo(Status.OBJECT_NOT_FOUND);
    assertThat(here().metadata(tensor).has(Metadata.NAME)).isFalse();
  }

  @Test
  void labelsOfBothDaemonsAreMerged() {
    ObjectId tensor = leaf(here(), 0, here().put("payload"));
    persist(here(), tensor);

    there().done(new ObjectRequest.Label(tensor, List.of("a"), List.of("1")));
    here().done(new ObjectRequest.Label(tensor, List.of("b"), List.of("2")));

    Metadata seen = Objects.requireNonNull(fresh(there(), tensor).objects().get(tensor));
    assertThat(JsonText.parse(seen.text(Metadata.LABELS)))
        .isEqualTo(JsonText.parse("{\"a\": \"1\", \"b\": \"2\"}"));
  }

  @Test
  void aCopyOfAnObjectElsewhereIsPersistentToo() {
    ObjectId tensor = leaf(here(), 0, here().put("payload"));
    persist(here(), tensor);
    assertThat(fresh(there(), tensor).objects()).isNotEmpty();

    ObjectId copy =
        there()
            .wire()
            .call(
                new ObjectRequest.Copy(tensor, JsonText.parse("{\"extra\": 1}")),
                ObjectReply.Copied.class)
            .id();

    assertThat(fresh(here(), copy).objects()).containsKey(copy);
    here().delete(tensor);
    assertThat(here().usage()).as("the copy has the blob").isEqualTo("payload".length());
    here().delete(copy);
    assertThat(here().usage()).isEqualTo(0);
  }

  @Test
  void whatUpstreamStoresFieldByFieldIsRead() {
    String key = DATA + "o0000000000000abc/";
    daemons
        .store()
        .commit(
            List.of(
                new Change.Put(key + "instance_id", "5"),
                new Change.Put(key + "signature", "7"),
                new Change.Put(key + "transient", "false"),
                new Change.Put(key + "typename", "\"vint\""),
                new Change.Put(key + "value_", "42")));

    Metadata seen =
        fresh(here(), ObjectId.parse("o0000000000000abc")).objects().values().iterator().next();

    assertThat(seen.typeName()).isEqualTo("int");
    assertThat(seen.whole("value_")).isEqualTo(42);
  }

  @Test
  void foreignAndDamagedKeysStopNothing() {
    daemons
        .store()
        .commit(
            List.of(
                new Change.Put("vineyard/S0000000000000000/mylock/7a", ""),
                new Change.Put(DATA + "o0000000000000001", "not json"),
                new Change.Put(DATA + "o0000000000000002", "{\"typename\": 3}"),
                new Change.Put(DATA + "o0000000000000003", "{\"typename\": \"lo.x\"}"),
                new Change.Put(DATA + "o0000000000000004/__name", "\"vremnant\""),
                new Change.Put(DATA + "nothing", "{}"),
                new Change.Put("vineyard/S0000000000000000/names/x", "\"no number\""),
                new Change.Put(SIGNATURES + "i0/s1", "1"),
                new Change.Put(SIGNATURES + "x", "1"),
                new Change.Put("vineyard/S0000000000000000/instances/i9/hostid", "{")));
    ObjectId tensor = leaf(here(), 0, here().put("payload"));

    persist(here(), tensor);

    assertThat(fresh(there(), tensor).objects()).containsKey(tensor);
    TestClient late = daemons.client(daemons.start());
    assertThat(fresh(late, tensor).objects()).containsKey(tensor);
  }

  @Test
  void aDaemonThatJoinsLateKnowsEverything() {
    ObjectId inner = leaf(here(), 0, here().put("payload"));
    ObjectId outer =
        here()
            .createObject(
                """
                {"typename": "outer", "instance_id": 0, "inner": {"id": "%s"}}\
                """
                    .formatted(inner));
    persist(here(), outer);
    here().done(new NameRequest.Put("name", outer));

    TestClient late = daemons.client(daemons.start());

    assertThat(late.metadata(outer).members()).containsKey("inner");
    assertThat(late.wire().call(new NameRequest.Get("name", false), NameReply.Found.class).id())
        .isEqualTo(outer);
  }

  private static ObjectId leaf(TestClient client, long instanceId, ObjectId blob) {
    return client.createObject(
        """
        {"typename": "vineyard::Tensor<int>", "instance_id": %d,
         "buffer_": {"id": "%s", "typename": "vineyard::Blob", "instance_id": %d}}\
        """
            .formatted(instanceId, blob, instanceId));
  }

  private static ObjectId global(TestClient client, ObjectId a, ObjectId b) {
    return client.createObject(
        """
        {"typename": "pair", "instance_id": 0, "global": true,
         "a": {"id": "%s"}, "b": {"id": "%s"}}\
        """
            .formatted(a, b));
  }

  private static void persist(TestClient client, ObjectId id) {
    client.done(new ObjectRequest.Persist(id));
  }

  private static boolean isPersistent(TestClient client, ObjectId id) {
    return client
        .wire()
        .call(new ObjectRequest.IsPersistent(id), ObjectReply.IsPersistent.class)
        .persistent();
  }

  /// What a client sees who has the daemon catch up.
  private static ObjectReply.Found fresh(TestClient client, ObjectId id) {
    return client
        .wire()
        .call(new ObjectRequest.Get(List.of(id), true, false), ObjectReply.Found.class);
  }

  private static String member(TestClient client, ObjectId owner, String name) {
    Metadata seen = Objects.requireNonNull(fresh(client, owner).objects().get(owner));
    return seen.member(name).text(Metadata.ID);
  }

  private List<String> keys(String prefix) {
    return daemons.store().list(prefix).entries().stream().map(Entry::key).toList();
  }
}
