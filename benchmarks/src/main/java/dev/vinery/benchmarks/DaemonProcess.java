package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// A running daemon. Confined to one thread.
final class DaemonProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final long RETRY_NANOS = 500_000;

  private final DaemonProgram program;
  private final Path socket;
  private final int port;
  private final Process process;
  private final Children children;
  private final Duration startTime;

  private DaemonProcess(
      DaemonProgram program,
      Path socket,
      int port,
      Process process,
      Children children,
      long startNanos)
      throws IOException {
    this.program = program;
    this.socket = socket;
    this.port = port;
    this.process = process;
    this.children = children;
    awaitReady(startNanos);
    this.startTime = Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /// Starts a daemon and waits until a client can register.
  static DaemonProcess start(
      DaemonProgram program, RunDirectory directory, RunOptions options, Children children)
      throws IOException {
    Path socket = directory.socket(program.fileName());
    int port = freePort();
    Path log = directory.log(program.fileName());
    var builder =
        new ProcessBuilder(
                options.placement().server(program.command(socket, port, options.memory())))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("GLOG_logtostderr", "1"); // or the official one leaves files about
    builder.environment().remove("VINEYARD_IPC_SOCKET");
    long startNanos = System.nanoTime();
    Process process = builder.start();
    children.add(process);
    try {
      return new DaemonProcess(program, socket, port, process, children, startNanos);
    } catch (IOException e) {
      children.stop(process);
      throw new IOException(e.getMessage() + "; see " + log, e);
    }
  }

  /// A port that nobody has now; somebody else may have it by the time it is used.
  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  private void awaitReady(long startNanos) throws IOException {
    while (true) {
      if (!process.isAlive()) {
        throw new IOException(program.path() + " ended at once with status " + process.exitValue());
      }
      if (Files.exists(socket) && registers()) {
        return;
      }
      if (System.nanoTime() - startNanos > START_LIMIT.toNanos()) {
        throw new IOException(
            program.path() + " was not ready within " + START_LIMIT.toSeconds() + " s");
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }

  private boolean registers() {
    try {
      OfficialClient.connect(socket).close();
      return true;
    } catch (PosixException notListeningYet) {
      return false;
    }
  }

  DaemonProgram program() {
    return program;
  }

  Path socket() {
    return socket;
  }

  /// Where it serves TCP.
  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  long pid() {
    return process.pid();
  }

  /// From the start of the program to the first client that could register.
  Duration startTime() {
    return startTime;
  }

  /// Memory of its own: heap, stacks, tables; not what it shares with clients.
  long privateBytes() {
    return ProcessFile.statusBytes(pid(), "RssAnon");
  }

  /// Asks the daemon to end and waits for it.
  @Override
  public void close() {
    children.stop(process);
  }
}
