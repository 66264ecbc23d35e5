package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The daemon of the package `vineyard-bdist`.
final class OfficialDaemon implements AutoCloseable {
  private final Process process;
  private final int port;

  OfficialDaemon(String interpreter, Path socket) throws Exception {
    var find = "import os, vineyard.bdist as b; print(os.path.dirname(b.__file__))";
    Process finder = new ProcessBuilder(interpreter, "-c", find).start();
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
    while (!Files.exists(socket)) {
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(30).toNanos());
      Thread.onSpinWait();
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
