package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.EmbeddedMetadataStore;
import dev.vinery.metadata.MetadataStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Daemons of one cluster in this process, over one metadata store that outlives them.
///
/// After every test its clients are closed, then the daemons, and then nothing must be left.
final class DaemonsUnderTest implements BeforeEachCallback, AfterEachCallback {
  static final String PREFIX = "vineyard";

  static final String NEXT_INSTANCE_ID = PREFIX + "/S0000000000000000/next_instance_id";

  private static final long MEMORY_BYTES = 16 << 20;

  private final ClusterTimes times;
  private final List<TestClient> clients = new ArrayList<>();
  private final List<Daemon> daemons = new ArrayList<>();
  private Traces before = Traces.NONE;
  private Path directory = Path.of("");
  private EmbeddedMetadataStore store = new EmbeddedMetadataStore(InstantSource.system());

  private DaemonsUnderTest(ClusterTimes times) {
    this.times = times;
  }

  static DaemonsUnderTest with(ClusterTimes times) {
    return new DaemonsUnderTest(times);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    VirtualSockets.begin();
    before = Traces.now();
    directory = Files.createTempDirectory("vinery");
    store = new EmbeddedMetadataStore(InstantSource.system());
    // With a store that is not new, daemons start without waiting for others.
    store.commit(List.of(new Change.Put(NEXT_INSTANCE_ID, "0")));
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    closeAll();
    store.close();
    eventually(() -> assertThat(Traces.now()).as("what is left").isEqualTo(before));
    Files.delete(directory);
  }

  /// Closes all clients, then all daemons.
  void closeAll() {
    clients.forEach(TestClient::close);
    clients.clear();
    daemons.forEach(Daemon::close);
    daemons.clear();
  }

  /// What all daemons share.
  MetadataStore store() {
    return store;
  }

  /// Starts one daemon more.
  Daemon start() {
    return start(SharedStore::new);
  }

  /// Starts one daemon more that sees the metadata store through something, which it closes.
  Daemon start(Function<MetadataStore, SharedStore> through) {
    DaemonOptions options =
        DaemonOptions.of(directory.resolve("s" + daemons.size()), MEMORY_BYTES)
            .withRpcPort(OptionalInt.of(0))
            .withMetadata(through.apply(store), PREFIX);
    try {
      Daemon daemon = Daemon.start(options, times);
      daemons.add(daemon);
      return daemon;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// A registered client of a daemon, closed after the test at the latest.
  TestClient client(Daemon daemon) {
    TestClient client = TestClient.registered(daemon.socket());
    clients.add(client);
    return client;
  }
}
