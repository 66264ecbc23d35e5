package dev.vinery.cli;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.types.Tensor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The daemon as a process: what a shell, an init system and another daemon see of it.
class VineyarddProcessTest {
  @TempDir Path directory;
  private Path socket;
  private Path log;

  @BeforeEach
  void choosePaths() {
    socket = directory.resolve("v.sock");
    log = directory.resolve("log");
  }

  @Test
  void theReadinessLineTellsWhereAndHowMuch() throws IOException {
    try (var daemon = DaemonProcess.start(log, socket, "--norpc")) {
      assertThat(daemon.log())
          .matches(
              "vineyardd [^ ]+ \\(protocol 0\\.24\\.2\\) is ready: socket="
                  + socket
                  + " rpc=off memory=64 MiB huge-pages=(on|unavailable) metadata=local pid="
                  + daemon.process().pid()
                  + "\n");
      assertThat(socket).exists();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalEndsItInOrderThoughClientsAreConnected(String signal) throws Exception {
    try (var daemon = DaemonProcess.start(log, socket);
        Client client = Vinery.connect(socket)) {
      client.put(Tensor.of(1.0));

      daemon.signal(signal);

      assertThat(daemon.await()).isZero();
      assertThat(socket).doesNotExist();
    }
  }

  @Test
  void aSecondDaemonOnTheSameSocketIsRefusedAndTheFirstLivesOn() throws Exception {
    try (var _ = DaemonProcess.start(log, socket);
        var second =
            DaemonProcess.launch(
                directory.resolve("second"), "--size=1M", "--norpc", "--socket=" + socket)) {
      assertThat(second.await()).isEqualTo(ExitStatus.REFUSED);
      assertThat(second.log())
          .isEqualTo(
              "vineyardd: cannot listen at "
                  + socket
                  + ": another daemon does; stop it or choose another path\n");
      try (Client client = Vinery.connect(socket)) {
        assertThat(client.status().memoryLimitBytes()).isEqualTo(64 << 20);
      }
    }
  }

  @Test
  void aPortOfItsOwnChoiceIsInTheReadinessLineAndServed() throws IOException {
    try (var daemon = DaemonProcess.start(log, socket, "--rpc_socket_port", "0")) {
      int port = port(daemon);
      try (var connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(connection.isConnected()).isTrue();
      }
    }
  }

  @Test
  void aChosenPortThatIsTakenEndsTheDaemonInOneLine() throws Exception {
    try (var first = DaemonProcess.start(log, socket, "--rpc_socket_port=0");
        var second =
            DaemonProcess.launch(
                directory.resolve("second"),
                "--size=1M",
                "--rpc_socket_port=" + port(first),
                "--socket=" + directory.resolve("other"))) {
      assertThat(second.await()).isEqualTo(ExitStatus.REFUSED);
      assertThat(second.log())
          .isEqualTo(
              "vineyardd: cannot listen on TCP port "
                  + port(first)
                  + ": address already in use; choose another with --rpc_socket_port, or"
                  + " --norpc\n");
    }
  }

  @Test
  void twoDaemonsWithDefaultFlagsRunSideBySide() throws IOException {
    Path other = directory.resolve("other");
    try (var first = DaemonProcess.start(log, socket);
        var second = DaemonProcess.start(directory.resolve("second"), other)) {
      // Somebody else on this host may have had the default port before both.
      assertThat(first.log() + second.log()).contains("rpc=off");
      assertThat(second.log())
          .startsWith("vineyardd: warning: other hosts are not served: TCP port 9600 is taken");
    }
  }

  private static int port(DaemonProcess daemon) {
    var matcher = Pattern.compile(" rpc=[^ ]+:(\\d+) ").matcher(daemon.log());
    assertThat(matcher.find()).as("port in %s", daemon.log()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  @Test
  void aKilledDaemonLeavesNoMemoryAndItsSocketIsTakenOver() throws Exception {
    try (var killed = DaemonProcess.start(log, socket)) {
      try (Client client = Vinery.connect(socket)) {
        client.put(new byte[1 << 20]);
      }
      Set<Object> memory = memoryFiles(killed.process().toHandle()).collect(Collectors.toSet());
      assertThat(memory).isNotEmpty();
      killed.signal("KILL");
      killed.await();

      assertThat(ProcessHandle.allProcesses().flatMap(VineyarddProcessTest::memoryFiles))
          .doesNotContainAnyElementsOf(memory);
      assertThat(socket).exists();
      try (var _ = DaemonProcess.start(directory.resolve("next"), socket);
          Client client = Vinery.connect(socket)) {
        assertThat(client.status().memoryUsageBytes()).isZero();
      }
    }
  }

  /// The memory files that a process has open, by their numbers.
  private static Stream<Object> memoryFiles(ProcessHandle process) {
    Path descriptors = Path.of("/proc", Long.toString(process.pid()), "fd");
    List<Object> files = new ArrayList<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
      for (Path link : links) {
        if (Files.readSymbolicLink(link).toString().startsWith("/memfd:vinery")) {
          files.add(Files.getAttribute(link, "unix:ino"));
        }
      }
    } catch (IOException | DirectoryIteratorException gone) {
      // Processes and descriptors come and go.
    }
    return files.stream();
  }

  @Test
  void aKilledClientLeavesNothingWaiting() throws Exception {
    try (var _ = DaemonProcess.start(log, socket);
        Client client = Vinery.connect(socket)) {
      Process waiting =
          new ProcessBuilder(
                  ThisJvm.command(
                      VineryCommand.class,
                      List.of("name", "get", "never", "--wait", "--socket=" + socket)))
              .start();
      try {
        eventually(() -> assertThat(client.status().deferredRequests()).isEqualTo(1));
      } finally {
        waiting.destroyForcibly();
      }

      eventually(() -> assertThat(client.status().ipcConnections()).isEqualTo(1));
      assertThat(client.status().deferredRequests()).isZero();
    }
  }

  @Test
  void theSocketHasTheModeThatWasAskedFor() throws IOException {
    try (var _ = DaemonProcess.start(log, socket, "--socket_mode=750")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rwxr-x---");
    }
  }

  @Test
  void aFileInTheWayIsNotTouched() throws Exception {
    Files.writeString(socket, "precious");

    try (var daemon = DaemonProcess.launch(log, "--size=1M", "--socket=" + socket)) {
      assertThat(daemon.await()).isEqualTo(ExitStatus.REFUSED);
      assertThat(daemon.log()).contains("there is a file that is no socket").hasLineCount(1);
      assertThat(socket).hasContent("precious");
    }
  }

  @Test
  void aDirectoryThatIsNotThereIsMade() throws IOException {
    Path deep = directory.resolve("a/b/v.sock");

    try (var _ = DaemonProcess.start(log, deep)) {
      assertThat(deep).exists();
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsToldInOneLine() throws Exception {
    Files.writeString(directory.resolve("a"), "");

    try (var daemon =
        DaemonProcess.launch(log, "--size=1M", "--socket=" + directory.resolve("a/v.sock"))) {
      assertThat(daemon.await()).isEqualTo(ExitStatus.REFUSED);
      assertThat(daemon.log())
          .startsWith("vineyardd: ")
          .contains(directory.resolve("a").toString())
          .hasLineCount(1);
    }
  }

  @Test
  void aLimitOnFilesThatForbidsTheMemoryIsToldInOneLine() throws Exception {
    List<String> command =
        ThisJvm.command(
            Vineyardd.class, List.of("--meta=local", "--size=1G", "--socket=" + socket));
    Process limited =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of("bash", "-c", "ulimit -f 102400; exec \"$@\"", "bash"),
                        command.stream())
                    .toList())
            .redirectError(log.toFile())
            .start();

    assertThat(limited.waitFor(DaemonProcess.PATIENCE)).isTrue();
    assertThat(limited.exitValue()).isEqualTo(ExitStatus.REFUSED);
    assertThat(Files.readString(log)).contains("ulimit -f").hasLineCount(1);
    assertThat(socket).doesNotExist();
  }
}
