package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/// The daemon of the package `vineyard-bdist`.
final class OfficialDaemon implements AutoCloseable {
  private final Process process;
  private final int port;

  OfficialDaemon(Path socket) throws Exception {
    var find = "import os, vineyard.bdist as b; print(os.path.dirname(b.__file__))";
    Process finder = new ProcessBuilder(PythonProcess.interpreter(), "-c", find).start();
    String folder =
        new String(finder.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(finder.waitFor()).isZero();
    port = freePort();
    process =
        new ProcessBuilder(
                folder + File.separator + "vineyardd",
                "--meta=local",
                "--size=256M",
                "--rpc_socket_port=" + port,
                "--socket=" + socket)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    long start = System.nanoTime();
    while (!accepts(socket)) {
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(30).toNanos());
      Thread.onSpinWait();
    }
  }

  /// The file of its socket is there, and gone again, before it listens.
  private static boolean accepts(Path socket) {
    try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /// A port that nobody uses at the moment; this daemon cannot choose one itself.
  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  /// Its TCP port on this host.
  int port() {
    return port;
  }

  /// Asked to end, about one in ten of these daemons never does.
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
