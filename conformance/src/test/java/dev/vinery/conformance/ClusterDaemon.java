package dev.vinery.conformance;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Our daemon as users start it, `./vineyardd`, as one of a cluster.
final class ClusterDaemon implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private final Process process;
  private final Path socket;
  private final Path log;

  private ClusterDaemon(Process process, Path socket, Path log) {
    this.process = process;
    this.socket = socket;
    this.log = log;
  }

  /// Starts a daemon, which need not come up.
  ///
  /// @param name of its socket, and of its log, in a directory
  static ClusterDaemon launch(Path directory, String name, String endpoint, String... flags)
      throws IOException {
    return launch(directory, name, endpoint, Map.of(), flags);
  }

  /// @param variables of the environment that differ
  static ClusterDaemon launch(
      Path directory, String name, String endpoint, Map<String, String> variables, String... flags)
      throws IOException {
    Path socket = directory.resolve(name + ".sock");
    Path log = directory.resolve(name + ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                ROOT.resolve("vineyardd").toString(),
                "--size=64M",
                "--rpc_socket_port=0",
                "--etcd_cmd=" + etcd(),
                "--etcd_endpoint=" + endpoint,
                "--socket=" + socket));
    command.addAll(List.of(flags));
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // Clients on this host reach it under this name, whatever the host is called.
    builder.environment().put("MY_HOST_NAME", "localhost");
    builder.environment().putAll(variables);
    return new ClusterDaemon(builder.start(), socket, log);
  }

  private static String etcd() {
    return System.getProperty("vinery.etcd", "");
  }

  /// Waits until it serves.
  ClusterDaemon ready() {
    eventually(
        PATIENCE,
        () -> {
          assertThat(process.isAlive()).as("runs, log: %s", log()).isTrue();
          assertThat(log()).contains("is ready");
        });
    return this;
  }

  Path socket() {
    return socket;
  }

  Process process() {
    return process;
  }

  String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The etcd that it says it has started.
  ProcessHandle startedEtcd() {
    Matcher pid = Pattern.compile("etcd: started .* pid=(\\d+)").matcher(log());
    assertThat(pid.find()).as("has started an etcd, log: %s", log()).isTrue();
    return ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow();
  }

  /// Where the etcd that it has started keeps its data.
  Path dataOfEtcd() {
    Matcher data = Pattern.compile("etcd: started .* data in ([^,]+),").matcher(log());
    assertThat(data.find()).as("has started an etcd, log: %s", log()).isTrue();
    return Path.of(data.group(1));
  }

  /// Waits for it to end by itself.
  ///
  /// @return its exit status
  int await() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE)).as("has ended, log: %s", log()).isTrue();
    return process.exitValue();
  }

  /// Runs `./vinery` with this daemon, to a good end.
  ///
  /// @return what it printed
  String vinery(String... arguments) throws IOException, InterruptedException {
    return vinery(socket, arguments);
  }

  /// Runs `./vinery` with the daemon at a socket, to a good end.
  ///
  /// @return what it printed
  static String vinery(Path socket, String... arguments) throws IOException, InterruptedException {
    Process vinery = start(socket, arguments);
    String printed = new String(vinery.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(vinery.waitFor()).as("%s printed %s", List.of(arguments), printed).isZero();
    return printed;
  }

  /// Starts `./vinery` with this daemon.
  Process start(String... arguments) throws IOException {
    return start(socket, arguments);
  }

  private static Process start(Path socket, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(ROOT.resolve("vinery").toString(), "--socket=" + socket));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /// Ends it in order.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
