package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A daemon of its own for each test, in this process and on a socket in a fresh directory.
///
/// After every test its clients are closed, then the daemon, and then there must be left neither a
/// descriptor nor a thread nor a file: whatever a test did.
final class DaemonUnderTest implements BeforeEachCallback, AfterEachCallback {
  private final long memoryLimitBytes;
  private final StreamOptions streams;
  private final List<TestClient> clients = new ArrayList<>();
  private Traces before = Traces.NONE;
  private Path directory = Path.of("");
  private @Nullable Daemon daemon;

  private DaemonUnderTest(long memoryLimitBytes, StreamOptions streams) {
    this.memoryLimitBytes = memoryLimitBytes;
    this.streams = streams;
  }

  static DaemonUnderTest withMemory(long limitBytes) {
    return new DaemonUnderTest(limitBytes, StreamOptions.DEFAULT);
  }

  static DaemonUnderTest with(long limitBytes, StreamOptions streams) {
    return new DaemonUnderTest(limitBytes, streams);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    before = Traces.now();
    directory = Files.createTempDirectory("vinery");
    daemon = Daemon.start(options());
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    clients.forEach(TestClient::close);
    clients.clear();
    daemon().close();
    eventually(() -> assertThat(Traces.now()).as("what is left").isEqualTo(before));
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.filter(file -> !file.getFileName().toString().startsWith("test-")))
          .as("files that are left")
          .isEmpty();
    }
    try (Stream<Path> tests = Files.list(directory)) {
      for (Path file : tests.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private DaemonOptions options() {
    DaemonOptions usual = DaemonOptions.of(directory.resolve("s"), memoryLimitBytes);
    return new DaemonOptions(
        usual.socket(),
        usual.socketMode(),
        usual.memoryLimitBytes(),
        usual.hostname(),
        usual.nodename(),
        usual.deployment(),
        usual.metadataPrefix(),
        usual.reserve(),
        usual.compression(),
        streams);
  }

  Daemon daemon() {
    return Objects.requireNonNull(daemon);
  }

  Path socket() {
    return daemon().socket();
  }

  long memoryLimitBytes() {
    return memoryLimitBytes;
  }

  /// A path for a test's own file, removed afterwards.
  Path file(String name) {
    return directory.resolve("test-" + name);
  }

  /// A registered client of the root session, closed after the test at the latest.
  TestClient client() {
    return client(socket());
  }

  /// A registered client of some session.
  TestClient client(Path socket) {
    TestClient client = TestClient.registered(socket);
    clients.add(client);
    return client;
  }

  /// A client that has not registered.
  TestClient stranger() {
    TestClient client = TestClient.connected(socket());
    clients.add(client);
    return client;
  }
}
