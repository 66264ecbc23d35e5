package dev.vinery.metadata.etcd;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An etcd that this process has started. Safe for use by several threads.
///
/// It ends with this process, however that ends: the kernel kills a child so started when the
/// *thread* dies that started it, so a thread of this object starts it and lives as long. It is in
/// a session of its own, so that an interrupt from the terminal, which goes to all processes of the
/// daemon's, leaves it there for the daemon's own orderly end.
final class EtcdServer implements AutoCloseable {
  /// How long an etcd may take to end in order.
  private static final Duration STOP_TIME = Duration.ofSeconds(5);

  /// How long to wait before one that ended is started again; doubled each time up to the longest.
  private static final Duration RESTART_WAIT = Duration.ofMillis(250);

  private static final Duration RESTART_WAIT_MAX = Duration.ofSeconds(30);

  /// An etcd that lived so long is started again without delay.
  private static final Duration LONG_LIFE = Duration.ofMinutes(1);

  private final List<String> command;
  private final Path log;
  private final Consumer<String> report;
  private final Thread keeper;
  private final CompletableFuture<Process> first = new CompletableFuture<>();
  private final CountDownLatch ending = new CountDownLatch(1);

  /// The one that runs now.
  private volatile @Nullable Process process;

  /// Whether it has served, so that it is worth starting again.
  private volatile boolean kept;

  /// @param command the program and its arguments
  /// @param log where its output goes
  private EtcdServer(List<String> command, Path log, Consumer<String> report) {
    this.command = command;
    this.log = log;
    this.report = report;
    this.keeper = Thread.ofPlatform().daemon().name("vinery-etcd").unstarted(this::run);
  }

  /// Starts an etcd; it may still fail to serve.
  static EtcdServer start(List<String> command, Path log, Consumer<String> report)
      throws IOException, InterruptedException {
    List<String> tied = new ArrayList<>(tie());
    tied.addAll(command);
    var server = new EtcdServer(tied, log, report);
    server.keeper.start();
    try {
      server.first.get();
      return server;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  /// What runs a program so that it is killed when its parent dies; nothing where the system's
  /// `setpriv` or `setsid` cannot.
  private static List<String> tie() throws InterruptedException {
    List<String> tie = List.of("setsid", "setpriv", "--pdeathsig", "KILL", "--");
    List<String> trial = new ArrayList<>(tie);
    trial.add("true");
    try {
      Process tried =
          new ProcessBuilder(trial)
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      return tried.waitFor() == 0 ? tie : List.of();
    } catch (IOException missing) {
      return List.of();
    }
  }

  private void run() {
    try {
      Process running = launch();
      first.complete(running);
      Duration wait = RESTART_WAIT;
      while (true) {
        long startNanos = System.nanoTime();
        int status = running.waitFor();
        if (!kept || ending.getCount() == 0) {
          return;
        }
        if (System.nanoTime() - startNanos > LONG_LIFE.toNanos()) {
          wait = RESTART_WAIT;
        }
        report.accept("ended with status %d, starting it again".formatted(status));
        if (ending.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
        wait =
            wait.multipliedBy(2).compareTo(RESTART_WAIT_MAX) < 0
                ? wait.multipliedBy(2)
                : RESTART_WAIT_MAX;
        running = launch();
      }
    } catch (IOException e) {
      if (!first.completeExceptionally(e)) {
        report.accept("cannot be started again: " + e.getMessage());
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private Process launch() throws IOException {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    builder.environment().putIfAbsent("ETCD_LOG_LEVEL", "error");
    // The process must be seen by close, or not be started any more.
    synchronized (this) {
      if (ending.getCount() == 0) {
        throw new IOException("the daemon is ending");
      }
      Process started = builder.start();
      process = started;
      return started;
    }
  }

  boolean alive() {
    Process now = process;
    return now != null && now.isAlive();
  }

  long pid() {
    Process now = process;
    return now == null ? -1 : now.pid();
  }

  /// Starts it again from now on, whenever it ends before it is closed.
  void keep() {
    kept = true;
  }

  /// What it said last, in one line; empty if nothing.
  String lastWords() {
    try {
      return Files.readAllLines(log).stream()
          .filter(line -> !line.isBlank())
          .reduce("", (_, line) -> line);
    } catch (IOException unreadable) {
      return "";
    }
  }

  /// Ends it, in order if it does that in time.
  @Override
  public void close() {
    Process last;
    synchronized (this) {
      ending.countDown();
      last = process;
    }
    if (last != null) {
      last.destroy();
      try {
        if (!last.waitFor(STOP_TIME)) {
          last.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        last.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
