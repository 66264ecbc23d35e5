package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.ClusterReply;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How a daemon uses the metadata store that it shares.
final class SharedCommitTest {
  private static final int CLIENTS = 20;
  private static final long LOST_MILLIS = 200;
  private static final String FRESHNESS = "vinery-fresh";

  private static final ClusterTimes TIMES =
      new ClusterTimes(
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMillis(500),
          Duration.ofMinutes(1));

  @RegisterExtension private final DaemonsUnderTest daemons = DaemonsUnderTest.with(TIMES);

  private final List<List<Change>> commits = new CopyOnWriteArrayList<>();
  private final AtomicInteger freshReads = new AtomicInteger();
  private volatile CompletableFuture<Boolean> gate = CompletableFuture.completedFuture(true);
  private volatile String refused = "nothing";

  /// Whether the store says nothing to those who ask for its revision.
  private final CompletableFuture<Boolean> silence = new CompletableFuture<>();

  private volatile boolean silent;

  /// Whether the store fails, after a while.
  private volatile boolean lost;

  @AfterEach
  void openGate() {
    gate.complete(true);
    silence.complete(true);
  }

  @Test
  void whileTheStoreSaysNothingTheDaemonsAreToldOfNearlyAtOnce() {
    Daemon daemon = daemons.start(Watched::new);
    TestClient client = daemons.client(daemon);
    silent = true;

    for (int i = 0; i < 3; i++) {
      assertThat(
              client
                  .wire()
                  .call(new ClusterRequest.Instances(), ClusterReply.Instances.class)
                  .instances())
          .containsOnlyKeys("i0");
    }

    assertThat(silence).isNotDone();
    assertThat(freshReads).as("one question is enough").hasValue(1);
  }

  @Test
  void whatIsAskedForDuringATransactionGoesIntoTheNextTogether() {
    Daemon daemon = daemons.start(Watched::new);
    List<TestClient> clients = new ArrayList<>();
    List<ObjectId> objects = new ArrayList<>();
    for (int i = 0; i <= CLIENTS; i++) {
      clients.add(daemons.client(daemon));
      objects.add(clients.get(i).createObject("{\"typename\": \"x\", \"instance_id\": 0}"));
    }
    commits.clear();
    gate = new CompletableFuture<>();
    persistAll(clients.subList(0, 1), objects);
    eventually(() -> assertThat(commits).hasSize(1));
    persistAll(clients.subList(1, CLIENTS + 1), objects.subList(1, CLIENTS + 1));
    TestClient looker = daemons.client(daemon);
    eventually(() -> assertThat(looker.status().deferredRequests()).isEqualTo(CLIENTS + 1));

    gate.complete(true);

    clients.forEach(
        client -> assertThat(client.wire().receiveReply()).isEqualTo(Reply.Done.PERSIST));
    assertThat(commits).hasSize(2);
    assertThat(commits.getLast()).as("a signature and an object each").hasSize(2 * CLIENTS);
  }

  private static void persistAll(List<TestClient> clients, List<ObjectId> objects) {
    for (int i = 0; i < clients.size(); i++) {
      clients.get(i).wire().send(new ObjectRequest.Persist(objects.get(i)));
    }
  }

  @Test
  void whatCannotBeStoredFailsAloneAndChangesNothing() {
    Daemon daemon = daemons.start(Watched::new);
    TestClient client = daemons.client(daemon);
    TestClient other = daemons.client(daemon);
    TestClient third = daemons.client(daemon);
    ObjectId object = client.createObject("{\"typename\": \"x\", \"instance_id\": 0}");
    client.done(new ObjectRequest.Persist(object));
    refused = "unstorable";
    gate = new CompletableFuture<>();
    int before = commits.size();
    third.wire().send(new NameRequest.Put("first", object));
    eventually(() -> assertThat(commits).hasSize(before + 1));
    client.wire().send(new NameRequest.Put("unstorable", object));
    other.wire().send(new NameRequest.Put("storable", object));
    TestClient looker = daemons.client(daemon);
    eventually(() -> assertThat(looker.status().deferredRequests()).isEqualTo(3));

    gate.complete(true);

    assertThat(((Reply.Failed) client.wire().receiveReply()).status()).isEqualTo(Status.ETCD_ERROR);
    assertThat(other.wire().receiveReply()).isEqualTo(Reply.Done.PUT_NAME);
    assertThat(third.wire().receiveReply()).isEqualTo(Reply.Done.PUT_NAME);
    assertThat(
            other.wire().call(new NameRequest.Find("*", false, 10), NameReply.Listed.class).names())
        .containsOnlyKeys("first", "storable");
  }

  @Test
  void whoHasWaitedForTooLongIsRefusedWithoutAnotherTry() {
    Daemon daemon = daemons.start(Watched::new);
    List<TestClient> clients = new ArrayList<>();
    List<ObjectId> objects = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(daemons.client(daemon));
      objects.add(clients.get(i).createObject("{\"typename\": \"x\", \"instance_id\": 0}"));
    }
    commits.clear();
    lost = true;

    persistAll(clients, objects);

    clients.forEach(client ->
        assertThat(((Reply.Failed) client.wire().receiveReply()).message())
            .contains("not stored within", "lost by the test"));
    assertThat(commits).as("not one for each that is too late").hasSizeLessThan(CLIENTS / 2);
  }

  @Test
  void whatNobodyElseCanChangeIsReadWithoutTheStore() {
    TestClient client = daemons.client(daemons.start(Watched::new));
    ObjectId blob = client.put("payload");
    ObjectId object = client.createObject("{\"typename\": \"x\", \"instance_id\": 0}");

    get(client, blob);
    get(client, object);
    client.exists(object);
    client.delete(blob, object);
    assertThat(freshReads).hasValue(0);

    ObjectId persistent = client.createObject("{\"typename\": \"x\", \"instance_id\": 0}");
    client.done(new ObjectRequest.Persist(persistent));
    get(client, persistent);
    assertThat(freshReads).as("it may be deleted elsewhere").hasValue(1);
  }

  @Test
  void aWriterThatGoesHasStoredWhatItAskedFor() {
    Daemon daemon = daemons.start(Watched::new);
    TestClient client = daemons.client(daemon);
    TestClient going = daemons.client(daemon);
    ObjectId object = client.createObject("{\"typename\": \"x\", \"instance_id\": 0}");
    gate = new CompletableFuture<>();
    going.wire().send(new ObjectRequest.Persist(object));
    eventually(() -> assertThat(client.status().deferredRequests()).isEqualTo(1));
    going.close();
    eventually(() -> assertThat(client.status().ipcConnections()).isEqualTo(1));

    gate.complete(true);

    eventually(() ->
        assertThat(
                client
                    .wire()
                    .call(new ObjectRequest.IsPersistent(object), ObjectReply.IsPersistent.class)
                    .persistent())
            .isTrue());
  }

  @Test
  void aDeleteWaitsForTheSameObjectToBeStoredFirst() {
    Daemon daemon = daemons.start(Watched::new);
    TestClient client = daemons.client(daemon);
    TestClient other = daemons.client(daemon);
    ObjectId object = client.createObject("{\"typename\": \"x\", \"instance_id\": 0}");
    gate = new CompletableFuture<>();
    client.wire().send(new ObjectRequest.Persist(object));
    eventually(() -> assertThat(other.status().deferredRequests()).isEqualTo(1));
    other.wire().send(new ObjectRequest.Delete(List.of(object), false, true, false, false, false));

    gate.complete(true);

    assertThat(client.wire().receiveReply()).isEqualTo(Reply.Done.PERSIST);
    assertThat(other.wire().receiveReply()).isEqualTo(Reply.Done.DELETE);
    assertThat(client.sees(object)).isFalse();
    assertThat(daemons.store().list("vineyard/S0000000000000000/data/").entries()).isEmpty();
  }

  private static void get(TestClient client, ObjectId id) {
    assertThat(
            client
                .wire()
                .call(new ObjectRequest.Get(List.of(id), true, false), ObjectReply.Found.class)
                .objects())
        .containsKey(id);
  }

  /// Counts, holds back and refuses.
  private final class Watched extends SharedStore {
    Watched(MetadataStore store) {
      super(store);
    }

    @Override
    public CompletionStage<OptionalLong> commitIf(
        String key, long modRevision, List<Change> changes) {
      commits.add(changes);
      if (lost) {
        return CompletableFuture.supplyAsync(
            () -> {
              throw lost();
            },
            CompletableFuture.delayedExecutor(LOST_MILLIS, TimeUnit.MILLISECONDS));
      }
      boolean isRefused =
          changes.stream()
              .anyMatch(change ->
                  change instanceof Change.Put(var put, _) && put.endsWith("/" + refused));
      return gate.thenCompose(_ ->
          isRefused
              ? CompletableFuture.failedStage(
                  new MetadataException(Status.ETCD_ERROR, "refused by the test"))
              : super.commitIf(key, modRevision, changes));
    }

    private static MetadataException lost() {
      return new MetadataException(Status.ETCD_ERROR, "lost by the test");
    }

    @Override
    public long revision() {
      if (lost) {
        throw lost();
      }
      if (Thread.currentThread().getName().equals(FRESHNESS)) {
        freshReads.incrementAndGet();
        if (silent) {
          silence.join();
        }
      }
      return super.revision();
    }
  }
}
