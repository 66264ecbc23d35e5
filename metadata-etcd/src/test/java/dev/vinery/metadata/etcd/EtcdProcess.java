package dev.vinery.metadata.etcd;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/// A real etcd, on free ports of this host, with its data in a directory of the test.
final class EtcdProcess implements AutoCloseable {
  private static final String PROGRAM = System.getProperty("vinery.etcd", "etcd");

  private final Path directory;
  private final int clientPort;
  private final int peerPort;
  private Process process;

  private EtcdProcess(Path directory) throws IOException {
    this.directory = directory;
    this.clientPort = freePort();
    this.peerPort = freePort();
    this.process = launch();
  }

  static EtcdProcess start(Path directory) throws IOException {
    return new EtcdProcess(directory);
  }

  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private Process launch() throws IOException {
    String peer = "http://127.0.0.1:" + peerPort;
    Process started =
        new ProcessBuilder(
                PROGRAM,
                "--name=test",
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=" + endpoint(),
                "--advertise-client-urls=" + endpoint(),
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=test=" + peer,
                "--log-level=error")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    eventually(() -> {
      assertThat(started.isAlive()).as("etcd, see " + directory.resolve("log")).isTrue();
      assertThat(listens()).isTrue();
    });
    return started;
  }

  private boolean listens() {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), clientPort)) {
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + clientPort);
  }

  EtcdMetadataStore store() {
    return EtcdMetadataStore.at(List.of(endpoint()));
  }

  /// Kills it; its data stays.
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /// Starts it again after [#kill()].
  void restart() {
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
