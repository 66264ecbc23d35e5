package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Address;
import dev.vinery.client.ConnectOptions;
import dev.vinery.client.Vinery;
import dev.vinery.client.contract.Promise;
import dev.vinery.client.contract.StartedDaemon;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The daemon of the package `vineyard-bdist`, in a process of its own.
final class OfficialDaemon implements StartedDaemon {
  /// How long a start may take; it normally takes some 40 milliseconds.
  private static final Duration START_WAIT = Duration.ofSeconds(30);

  private final Process process;
  private final Path socket;
  private final int port;

  /// Starts a daemon and waits until it serves.
  ///
  /// @param memoryBytes what clients may store
  OfficialDaemon(Path socket, long memoryBytes) throws IOException {
    this(socket, memoryBytes, List.of("--meta=local"));
  }

  /// Starts a daemon of a cluster and waits until it serves.
  ///
  /// @param etcd where the cluster's etcd listens
  static OfficialDaemon join(Path socket, long memoryBytes, String etcd) throws IOException {
    return new OfficialDaemon(
        socket, memoryBytes, List.of("--meta=etcd", "--etcd_endpoint=" + etcd));
  }

  private OfficialDaemon(Path socket, long memoryBytes, List<String> metadata) throws IOException {
    this.socket = socket;
    this.port = freePort();
    List<String> command = new ArrayList<>();
    command.add(Program.PATH.toString());
    command.addAll(metadata);
    command.add("--size=" + memoryBytes);
    command.add("--rpc_socket_port=" + port);
    command.add("--socket=" + socket);
    this.process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean serves = false;
    try {
      awaitAnswers();
      serves = true;
    } finally {
      if (!serves) {
        close();
      }
    }
  }

  /// Where the program is, which Python takes a second to say.
  private static final class Program {
    static final Path PATH = find();

    private static Path find() {
      var find = "import os, vineyard.bdist as b; print(os.path.dirname(b.__file__))";
      try {
        Process finder = new ProcessBuilder(PythonProcess.interpreter(), "-c", find).start();
        String folder =
            new String(finder.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(finder.waitFor()).isZero();
        return Path.of(folder, "vineyardd");
      } catch (IOException | InterruptedException e) {
        throw new AssertionError("there is no official daemon", e);
      }
    }
  }

  /// It accepts connections before it serves them, and over TCP later than on its socket.
  private void awaitAnswers() {
    var patient = ConnectOptions.DEFAULT.withPatience(START_WAIT);
    Vinery.connect(socket, patient).close();
    Vinery.connect(new Address.Remote("127.0.0.1", port), patient).close();
  }

  /// A port that nobody uses at the moment; this daemon cannot choose one itself.
  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  @Override
  public Path socket() {
    return socket;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public boolean keeps(Promise promise) {
    return false;
  }

  /// Asked to end, about one in ten of these daemons never does.
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
