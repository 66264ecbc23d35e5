package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A daemon of its own for each test, in this process, on a socket in a fresh directory and, if it
/// is wanted, on a TCP port.
///
/// After every test its clients are closed, then the daemon, and then there must be left neither a
/// descriptor nor a thread nor a file: whatever a test did.
final class DaemonUnderTest implements BeforeEachCallback, AfterEachCallback {
  private final long memoryLimitBytes;
  private final Door door;
  private final List<TestClient> clients = new ArrayList<>();
  private Traces before = Traces.NONE;
  private Path directory = Path.of("");
  private @Nullable Daemon daemon;

  private DaemonUnderTest(long memoryLimitBytes, Door door) {
    this.memoryLimitBytes = memoryLimitBytes;
    this.door = door;
  }

  static DaemonUnderTest withMemory(long limitBytes) {
    return new DaemonUnderTest(limitBytes, Door.LOCAL);
  }

  /// The same with clients that come through some door.
  DaemonUnderTest through(Door door) {
    return new DaemonUnderTest(memoryLimitBytes, door);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    if (door == Door.TCP) {
      VirtualSockets.begin();
    }
    before = Traces.now();
    directory = Files.createTempDirectory("vinery");
    daemon =
        Daemon.start(
            DaemonOptions.of(directory.resolve("s"), memoryLimitBytes)
                .withRpcPort(door == Door.TCP ? OptionalInt.of(0) : OptionalInt.empty()));
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

  /// Where the daemon listens on TCP.
  InetSocketAddress address() {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), daemon().rpcPort().orElseThrow());
  }

  /// A registered client of the root session, closed after the test at the latest.
  TestClient client() {
    return switch (door) {
      case LOCAL -> localClient();
      case TCP -> add(TestClient.registered(address()));
    };
  }

  /// A registered client that shares memory with the daemon.
  TestClient localClient() {
    return client(socket());
  }

  /// A registered client of some session.
  TestClient client(Path socket) {
    return add(TestClient.registered(socket));
  }

  /// A client that has not registered.
  TestClient stranger() {
    return add(
        switch (door) {
          case LOCAL -> TestClient.connected(socket());
          case TCP -> TestClient.connected(address());
        });
  }

  private TestClient add(TestClient client) {
    clients.add(client);
    return client;
  }
}
