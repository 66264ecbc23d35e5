package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Objects on their way from one instance to another when the metadata store is lost.
final class MigrationOutageTest {
  private static final String DATA = "vineyard/S0000000000000000/data/";
  private static final String SIGNATURES = "vineyard/S0000000000000000/signatures/i0/";
  private static final int SIZE_BYTES = 1 << 20;

  /// Commits fail soon; nobody is taken for dead.
  private static final ClusterTimes IMPATIENT =
      new ClusterTimes(
          Duration.ofSeconds(30),
          Duration.ofMillis(50),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMillis(300),
          Duration.ofMillis(200));

  @RegisterExtension private final DaemonsUnderTest daemons = DaemonsUnderTest.with(IMPATIENT);

  private final CountDownLatch lost = new CountDownLatch(1);

  @Test
  void aCopyThatCannotBeStoredIsReportedToAllWhoWaitAndNothingIsLeft() {
    List<FailingStore> ways = new ArrayList<>();
    Daemon daemon =
        daemons.start(store -> {
          var way = new FailingStore(store);
          ways.add(way);
          return way;
        });
    TestClient here = daemons.client(daemon);
    TestClient other = daemons.client(daemon);
    try (var instance = new ScriptedInstance(daemons.store(), this::sendWhenLost)) {
      migrateInPart(instance, here, other);

      ways.getFirst().cut();
      lost.countDown();

      assertThat(List.of(here, other))
          .allSatisfy(client -> assertThat(status(client)).isEqualTo(Status.ETCD_ERROR));
      assertNothingIsLeft(here);
      ways.getFirst().mend();
      eventually(() -> assertThat(migrated(here)).isInstanceOf(ObjectReply.Migrated.class));
      assertThat(here.usage()).isEqualTo(SIZE_BYTES);
      assertThat(keys(DATA)).hasSize(2);
    }
  }

  @Test
  void aCopyThatIsStoredAfterItWasGivenUpIsDeletedAgain() {
    List<LateStore> ways = new ArrayList<>();
    Daemon daemon =
        daemons.start(store -> {
          var way = new LateStore(store);
          ways.add(way);
          return way;
        });
    TestClient here = daemons.client(daemon);
    try (var instance = new ScriptedInstance(daemons.store(), this::sendWhenLost)) {
      migrateInPart(instance, here);
      ways.getFirst().late = true;
      lost.countDown();
      assertThat(status(here)).isEqualTo(Status.ETCD_ERROR);

      ways.getFirst().catchUp();

      assertThat(ways.getFirst().putLate).isTrue();
      eventually(() -> assertThat(keys(DATA)).hasSize(1));
      assertNothingIsLeft(here);
    }
  }

  private void migrateInPart(ScriptedInstance instance, TestClient... clients) {
    for (TestClient client : clients) {
      eventually(() -> assertThat(client.sees(ScriptedInstance.OBJECT)).isTrue());
      client.wire().send(new ObjectRequest.Migrate(ScriptedInstance.OBJECT));
    }
    try {
      instance.awaitAsked();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void sendWhenLost(ScriptedInstance self, Socket client) throws IOException {
    self.answer(client, ScriptedInstance.INSTANCE, SIZE_BYTES);
    try {
      lost.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    client.getOutputStream().write(new byte[SIZE_BYTES]);
  }

  private static Status status(TestClient client) {
    return ((Reply.Failed) client.wire().receiveReply()).status();
  }

  private static Reply migrated(TestClient client) {
    client.wire().send(new ObjectRequest.Migrate(ScriptedInstance.OBJECT));
    return client.wire().receiveReply();
  }

  private void assertNothingIsLeft(TestClient here) {
    assertThat(here.usage()).isEqualTo(0);
    assertThat(keys(DATA)).containsExactly(DATA + ScriptedInstance.OBJECT);
    assertThat(keys(SIGNATURES)).isEmpty();
  }

  private List<String> keys(String prefix) {
    return daemons.store().list(prefix).entries().stream().map(Entry::key).toList();
  }

  /// A way to a store that stands still at times: it takes changes, gives no answer in time, and
  /// makes them when it goes on.
  private static final class LateStore extends SharedStore {
    private final MetadataStore store;
    private final List<Taken> taken = new ArrayList<>();
    private volatile boolean late;
    private volatile boolean putLate;

    LateStore(MetadataStore store) {
      super(store);
      this.store = store;
    }

    @Override
    public long revision() {
      if (late) {
        throw new MetadataException(Status.ETCD_ERROR, "no answer");
      }
      return super.revision();
    }

    @Override
    public CompletionStage<OptionalLong> commitIf(
        String key, long modRevision, List<Change> changes) {
      synchronized (taken) {
        if (late) {
          taken.add(new Taken(key, modRevision, changes));
          return CompletableFuture.failedStage(
              new MetadataException(Status.ETCD_ERROR, "no answer"));
        }
      }
      return super.commitIf(key, modRevision, changes);
    }

    void catchUp() {
      synchronized (taken) {
        late = false;
        for (Taken each : taken) {
          OptionalLong stored =
              store.commitIf(each.key, each.modRevision, each.changes).toCompletableFuture().join();
          putLate |=
              stored.isPresent()
                  && each.changes.stream().anyMatch(change -> change instanceof Change.Put);
        }
      }
    }

    private record Taken(String key, long modRevision, List<Change> changes) {}
  }
}
