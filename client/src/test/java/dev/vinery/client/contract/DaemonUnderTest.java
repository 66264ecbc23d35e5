package dev.vinery.client.contract;

import dev.vinery.client.Address;
import dev.vinery.client.Client;
import dev.vinery.client.ConnectOptions;
import dev.vinery.client.Vinery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A new daemon for each test, and the clients that come to it, all through one door. Safe for use
/// by several threads.
public final class DaemonUnderTest implements BeforeEachCallback, AfterEachCallback {
  private final Door door;
  private final StartedDaemon.Kind kind;
  private final long memoryBytes;
  private @Nullable Path directory;
  private @Nullable StartedDaemon daemon;
  private @Nullable Client client;

  /// @param memoryBytes what clients may store
  public DaemonUnderTest(Door door, StartedDaemon.Kind kind, long memoryBytes) {
    this.door = door;
    this.kind = kind;
    this.memoryBytes = memoryBytes;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    directory = Files.createTempDirectory("vinery");
    daemon = kind.start(directory.resolve("v.sock"), memoryBytes);
    client = connect();
  }

  Door door() {
    return door;
  }

  /// Where the daemon is reached.
  Address address() {
    return door.address(running());
  }

  /// Whether the daemon does as ours does, as far as one sees it through the door.
  public boolean keeps(Promise promise) {
    return !promise.shows(door) || running().keeps(promise);
  }

  /// A client of the daemon, which is closed after the test.
  public Client client() {
    return Objects.requireNonNull(client, "no test has begun");
  }

  /// Another client of the daemon, which the caller closes.
  public Client connect() {
    return connect(ConnectOptions.DEFAULT);
  }

  /// Another client of the daemon, which the caller closes.
  Client connect(ConnectOptions options) {
    return Vinery.connect(address(), options);
  }

  /// A TCP port in front of the daemon's, which the caller closes.
  public Relay relay() throws IOException {
    return new Relay(new InetSocketAddress(InetAddress.getLoopbackAddress(), running().port()));
  }

  private StartedDaemon running() {
    return Objects.requireNonNull(daemon, "no test has begun");
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    if (client != null) {
      client.close();
    }
    if (daemon != null) {
      daemon.close();
    }
    if (directory != null) {
      delete(directory);
    }
  }

  /// A daemon that is killed leaves the files of its sockets.
  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(directory);
  }
}
