package dev.vinery.benchmarks;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/// An [EchoServer] in a process of its own, as a daemon is. Confined to one thread.
final class EchoProcess implements AutoCloseable {
  private static final long START_LIMIT_NANOS = 30_000_000_000L;
  private static final long RETRY_NANOS = 1_000_000;

  private final Children children;
  private final Process process;
  private final Path socket;

  private EchoProcess(Children children, Process process, Path socket) {
    this.children = children;
    this.process = process;
    this.socket = socket;
  }

  static EchoProcess start(EchoServer.Waiting waiting, Run run) throws IOException {
    Path socket = run.directory().socket("echo-" + waiting.name().toLowerCase(Locale.ROOT));
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-XX:+UseSerialGC",
            "--enable-native-access=dev.vinery.posix",
            "--module-path",
            System.getProperty("jdk.module.path"), // what this very process was started with
            "--module",
            "dev.vinery.benchmarks/" + EchoServer.class.getName(),
            socket.toString(),
            waiting.name());
    Process process =
        new ProcessBuilder(run.options().placement().server(command))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.INHERIT)
            .start();
    run.children().add(process);
    var server = new EchoProcess(run.children(), process, socket);
    boolean ready = false;
    try {
      server.awaitReady();
      ready = true;
      return server;
    } finally {
      if (!ready) {
        server.close();
      }
    }
  }

  private void awaitReady() throws IOException {
    long deadlineNanos = System.nanoTime() + START_LIMIT_NANOS;
    while (!Files.exists(socket) || !accepts()) {
      if (!process.isAlive() || System.nanoTime() > deadlineNanos) {
        throw new IOException("the echo server on " + socket + " does not start");
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }

  private boolean accepts() {
    try {
      int fd = UnixSocket.socket();
      try {
        UnixSocket.connect(fd, socket);
        return true;
      } finally {
        Descriptor.close(fd);
      }
    } catch (PosixException notListeningYet) {
      return false;
    }
  }

  Path socket() {
    return socket;
  }

  @Override
  public void close() {
    children.stop(process);
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      System.err.println("cannot remove " + socket + ": " + e.getMessage());
    }
  }
}
