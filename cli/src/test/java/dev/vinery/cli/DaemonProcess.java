package dev.vinery.cli;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A `vineyardd` in a process of its own, run from the module path of this build.
final class DaemonProcess implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final Path log;

  private DaemonProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /// Starts a daemon without a cluster, which need not come up.
  ///
  /// @param log where its error stream goes
  static DaemonProcess launch(Path log, String... flags) throws IOException {
    List<String> all = new ArrayList<>(List.of("--meta=local"));
    all.addAll(List.of(flags));
    List<String> command = ThisJvm.command(Vineyardd.class, all);
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(log.toFile())
            .start();
    return new DaemonProcess(process, log);
  }

  /// Starts a daemon with 64 MiB and waits until it is ready.
  static DaemonProcess start(Path log, Path socket, String... flags) throws IOException {
    List<String> all = new ArrayList<>(List.of("--size=64M", "--socket=" + socket));
    all.addAll(List.of(flags));
    DaemonProcess daemon = launch(log, all.toArray(String[]::new));
    eventually(PATIENCE, () -> assertThat(daemon.log()).contains("is ready"));
    return daemon;
  }

  Process process() {
    return process;
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits for the process to end by itself.
  ///
  /// @return its exit status
  int await() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE)).as("has ended, log: " + log()).isTrue();
    return process.exitValue();
  }

  /// Sends a signal by its name.
  void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
