package dev.vinery.cli;

import dev.vinery.metadata.MetadataBackend;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.posix.Limits;
import dev.vinery.posix.PosixException;
import dev.vinery.protocol.MetadataException;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import dev.vinery.server.PortTakenException;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The command `vineyardd`: runs a daemon until it is told to stop.
///
/// Takes the reference daemon's flags. Reads them by hand, because a library for command lines
/// would take longer to load than the rest of the daemon.
public final class Vineyardd {
  /// How long an orderly stop may take before the process ends without one.
  private static final Duration STOP_WAIT = Duration.ofSeconds(20);

  private static final String NAME = "vineyardd";

  private final PrintStream out;
  private final PrintStream err;

  /// The thread that waits for the shared metadata store, while it does.
  private volatile @Nullable Thread opening;

  private Vineyardd(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /// Runs a daemon and exits with its status.
  ///
  /// @param arguments flags
  public static void main(String[] arguments) {
    int status = ExitStatus.REFUSED;
    try {
      status = run(List.of(arguments), System.getenv(), System.out, System.err);
    } finally {
      // Also after an error: a daemon's threads would keep a process alive that serves nobody.
      System.exit(status);
    }
  }

  /// Runs a daemon until it ends.
  ///
  /// @return the exit status of the process, see [ExitStatus]
  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    return new Vineyardd(out, err).run(arguments, environment);
  }

  private int run(List<String> arguments, Map<String, String> environment) {
    DaemonSetup setup;
    try {
      FlagValues flags = FlagReader.read(arguments, environment);
      if (flags.on(DaemonFlags.HELP) || DaemonFlags.HELP_ALIASES.stream().anyMatch(flags::on)) {
        DaemonHelp.print(out);
        return ExitStatus.DONE;
      }
      if (flags.on(DaemonFlags.VERSION)) {
        out.println(Version.DAEMON);
        return ExitStatus.DONE;
      }
      ConsoleLogger.threshold(logLevel(flags));
      setup = DaemonSetup.of(flags, environment);
    } catch (UsageException e) {
      err.println(NAME + ": " + e.getMessage());
      return ExitStatus.USAGE;
    }
    setup.warnings().forEach(warning -> err.println(NAME + ": warning: " + warning));
    return serve(setup);
  }

  private static Level logLevel(FlagValues flags) {
    if (flags.whole(DaemonFlags.VERBOSITY) > 0) {
      return Level.DEBUG;
    }
    long least =
        Math.max(flags.whole(DaemonFlags.MIN_LOG_LEVEL), flags.whole(DaemonFlags.STDERR_THRESHOLD));
    return least <= 0 ? Level.INFO : least == 1 ? Level.WARNING : Level.ERROR;
  }

  private int serve(DaemonSetup setup) {
    var started = new CompletableFuture<Daemon>();
    Thread hook = Thread.ofPlatform().name("vinery-stop").unstarted(() -> stop(started));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      Daemon daemon = start(setup);
      started.complete(daemon);
      err.println(setup.readiness(daemon));
      daemon.awaitClosed();
    } catch (IOException e) {
      started.cancel(false);
      err.println(NAME + ": " + reason(e, setup.options().socket()));
    } catch (MetadataException e) {
      started.cancel(false);
      err.println(NAME + ": " + e.getMessage());
    } catch (UsageException e) {
      started.cancel(false);
      err.println(NAME + ": " + e.getMessage());
      return toldToStop(hook) ? ExitStatus.DONE : ExitStatus.USAGE;
    } catch (InterruptedException toldToStop) {
      started.cancel(false);
    }
    return toldToStop(hook) ? ExitStatus.DONE : ExitStatus.REFUSED;
  }

  private Daemon start(DaemonSetup setup) throws IOException, InterruptedException {
    DaemonOptions options = setup.portGiven() ? setup.options() : withFreePort(setup.options());
    return Daemon.start(
        setup.shared().isEmpty() ? options : withMetadata(setup.shared().get(), options));
  }

  /// Two daemons with default flags run side by side on a host, as the reference daemon's do, so
  /// the default port is given up if another has it; a chosen one is not.
  private DaemonOptions withFreePort(DaemonOptions options) throws IOException {
    if (options.rpcPort().isEmpty()) {
      return options;
    }
    int port = options.rpcPort().getAsInt();
    try (var probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(port));
      return options;
    } catch (BindException taken) {
      err.println(
          NAME
              + ": warning: other hosts are not served: TCP port "
              + port
              + " is taken; choose another with --rpc_socket_port, or --norpc");
      return options.withRpcPort(OptionalInt.empty());
    }
  }

  private DaemonOptions withMetadata(MetadataBackend.Options shared, DaemonOptions options)
      throws IOException, InterruptedException {
    MetadataBackend backend = EtcdLibraries.load();
    opening = Thread.currentThread();
    try {
      MetadataStore store = backend.open(shared, line -> err.println(NAME + ": " + line));
      return options.withMetadata(store, shared.prefix());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } finally {
      opening = null;
    }
  }

  private static String reason(IOException e, Path socket) {
    return switch (e) {
      case FileSystemException _ -> "cannot listen at " + socket + ": " + ErrorText.of(e);
      case PortTakenException _ ->
          e.getMessage() + "; choose another with --rpc_socket_port, or --norpc";
      default -> ErrorText.of(e) + fileSizeAdvice();
    };
  }

  /// The memory is a file that is longer than what clients may store, so a limit on files is the
  /// most likely reason why there is none to be had.
  private static String fileSizeAdvice() {
    try {
      long limitBytes = Limits.fileSizeLimitBytes();
      return limitBytes == Limits.UNLIMITED
          ? ""
          : "; no file may be larger than %s here, see ulimit -f"
              .formatted(ByteSize.print(limitBytes));
    } catch (PosixException unknown) {
      return "";
    }
  }

  /// Whether the process is ending already. If not, the hook is taken away: then the daemon ended
  /// by itself, or never began, and there is nothing to stop.
  private static boolean toldToStop(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (IllegalStateException ending) {
      return true;
    }
  }

  /// Runs when a signal asks the process to end. Halts, because a process that ends by a signal
  /// would have that signal's status, and an orderly stop is a success.
  private void stop(CompletableFuture<Daemon> started) {
    int status = ExitStatus.REFUSED;
    Thread waiting = opening;
    if (waiting != null) {
      waiting.interrupt();
    }
    try {
      started
          .thenAcceptAsync(Daemon::close, Thread.ofPlatform().name("vinery-close")::start)
          .get(STOP_WAIT.toSeconds(), TimeUnit.SECONDS);
      status = ExitStatus.DONE;
    } catch (TimeoutException e) {
      err.println(NAME + ": ended without an orderly stop, which took more than " + STOP_WAIT);
      removeSocket(started);
    } catch (CancellationException neverStarted) {
      status = ExitStatus.DONE;
    } catch (ExecutionException | InterruptedException e) {
      err.println(NAME + ": ended without an orderly stop: " + e.getMessage());
      removeSocket(started);
    } finally {
      Runtime.getRuntime().halt(status);
    }
  }

  private void removeSocket(CompletableFuture<Daemon> started) {
    Daemon daemon = started.getNow(null);
    if (daemon != null) {
      try {
        Files.deleteIfExists(daemon.socket());
      } catch (IOException e) {
        err.println(NAME + ": " + ErrorText.of(e));
      }
    }
  }
}
