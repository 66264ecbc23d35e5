package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.protocol.ClusterReply;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ClusterTest {
  @RegisterExtension
  private final DaemonsUnderTest daemons = DaemonsUnderTest.with(ClusterTimes.DEFAULT);

  @Test
  void daemonsAreNumberedAsTheyJoinAndKnowEachOther() {
    Daemon first = daemons.start();
    Daemon second = daemons.start();

    TestClient ofFirst = daemons.client(first);
    TestClient ofSecond = daemons.client(second);
    assertThat(ofFirst.status().instanceId()).isEqualTo(0);
    assertThat(ofSecond.status().instanceId()).isEqualTo(1);
    eventually(() -> assertThat(instances(ofFirst)).containsOnlyKeys("i0", "i1"));
    assertThat(instances(ofSecond)).isEqualTo(instances(ofFirst));
    Json.Fields told = Json.Fields.of(Map.<String, Json>copyOf(instances(ofFirst))).fields("i1");
    assertThat(told.text("ipc_socket")).isEqualTo(second.socket().toString());
    assertThat(told.text("rpc_endpoint")).isEqualTo("localhost:" + second.rpcPort().orElseThrow());
  }

  @Test
  void aDaemonPublishesWhatUpstreamsDaemonsPublish() {
    daemons.start();

    String root = "vineyard/S0000000000000000/";
    assertThat(daemons.store().list(root).entries())
        .extracting(Entry::key)
        .containsExactly(
            root + "instances/i0/hostid",
            root + "instances/i0/hostname",
            root + "instances/i0/ipc_socket",
            root + "instances/i0/nodename",
            root + "instances/i0/rpc_endpoint",
            root + "instances/i0/timestamp",
            root + "next_instance_id");
    assertThat(daemons.store().get(root + "next_instance_id").orElseThrow().value()).isEqualTo("1");
  }

  @Test
  void aNumberThatIsTakenIsNotDrawnWhateverTheCounterSays() {
    String root = "vineyard/S0000000000000000/";
    daemons
        .store()
        .commit(
            List.of(
                new Change.Put(root + "instances/i7/hostid", "1"),
                new Change.Put(root + "next_instance_id", "\"damaged\"")));

    TestClient client = daemons.client(daemons.start());

    assertThat(client.status().instanceId()).isEqualTo(8);
    assertThat(instances(client)).as("what is incomplete is not told").containsOnlyKeys("i8");
  }

  @Test
  void inAStoreThatIsNewThoseWhoWereThereBeforeItLostItsDataComeFirst() {
    MetadataStore store = daemons.store();
    store.commit(List.of(new Change.Delete(DaemonsUnderTest.NEXT_INSTANCE_ID)));

    TestClient client = daemons.client(daemons.start(ReturningStore::new));

    assertThat(client.status().instanceId()).isEqualTo(5);
  }

  /// The store as it is when others come back just after somebody has looked.
  private static final class ReturningStore extends SharedStore {
    private final MetadataStore store;
    private boolean looked;

    ReturningStore(MetadataStore store) {
      super(store);
      this.store = store;
    }

    @Override
    public Optional<Entry> get(String key) {
      Optional<Entry> found = super.get(key);
      if (!looked && key.equals(DaemonsUnderTest.NEXT_INSTANCE_ID)) {
        looked = true;
        store.commit(List.of(new Change.Put(key, "5")));
      }
      return found;
    }
  }

  @Test
  void aDaemonThatCannotHaveItsSocketOrPortIsNeverSeenInTheCluster() {
    Daemon first = daemons.start();
    List<Entry> before = daemons.store().list("").entries();
    DaemonOptions elsewhere = options(first.socket().resolveSibling("other"), 1 << 20);

    assertThatThrownBy(() -> Daemon.start(options(first.socket(), 1 << 20)))
        .hasMessageContaining("another daemon does");
    assertThatThrownBy(() -> Daemon.start(elsewhere.withRpcPort(first.rpcPort())))
        .isInstanceOf(PortTakenException.class);

    assertThat(daemons.store().list("").entries()).isEqualTo(before);
    assertThat(elsewhere.socket()).doesNotExist();
  }

  @Test
  void aDaemonThatHasJoinedAndCannotServeTakesThatBack() {
    Daemon first = daemons.start();
    List<String> before = instanceKeys();
    Path socket = first.socket().resolveSibling("other");

    assertThatThrownBy(() -> Daemon.start(options(socket, MemoryPool.MAX_LIMIT_BYTES)))
        .hasMessageContaining("shared memory");

    assertThat(instanceKeys()).isEqualTo(before);
    assertThat(daemons.store().list("vineyard/vinery/alive/").entries()).hasSize(1);
    assertThat(socket).doesNotExist();
  }

  private DaemonOptions options(Path socket, long memoryBytes) {
    return DaemonOptions.of(socket, memoryBytes)
        .withMetadata(new SharedStore(daemons.store()), DaemonsUnderTest.PREFIX);
  }

  private List<String> instanceKeys() {
    return daemons.store().list("vineyard/S0000000000000000/instances/").entries().stream()
        .map(Entry::key)
        .toList();
  }

  private static Map<String, Json.Fields> instances(TestClient client) {
    return client
        .wire()
        .call(new ClusterRequest.Instances(), ClusterReply.Instances.class)
        .instances();
  }
}
