package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.io.Drivers;
import dev.vinery.io.Meter;
import dev.vinery.io.OpenedStream;
import dev.vinery.protocol.ObjectId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vinery open`: reads files into streams and frames, and writes streams to files.
@Command(
    name = "open",
    description = {
      "Opens a file as a stream, prints the id of the stream, and reads until all is read.",
      "With --accumulate it prints the id of a finished data frame instead; with --mode=w it"
          + " writes STREAM to the file.",
      "Files are CSV, or what their names end in: .parquet, .orc, .arrow, .gz, .zst; filetype=bytes"
          + " opens any. Options stand behind a #, as in trips.csv#header_row=true&delimiter=,"
          + " or are given by --option.",
      "They are on this host, or at http://, https:// or s3://bucket/key, for which keys and"
          + " endpoint are found as Amazon's programs do: AWS_ACCESS_KEY_ID, AWS_PROFILE and so on."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "%nExamples:",
      "  vinery open 'file:///data/trips.csv#header_row=true' --accumulate --name trips",
      "  vinery open '/data/part-*.csv' --num-workers 4",
      "  vinery open s3://data/trips.parquet --accumulate",
      "  vinery open out.parquet --mode=w o0001a2b3c4d5e6f7"
    })
final class OpenCommand implements Callable<Integer> {
  /// How long an interrupted command may take to clean up.
  private static final long CLEANUP_SECONDS = 10;

  /// What is done with the file.
  enum Mode {
    R,
    W
  }

  private final Console console;
  private final Target target;

  @Parameters(
      index = "0",
      paramLabel = "URI",
      description = "What to open: a path, a pattern, a URI.")
  private String uri = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "STREAM", description = "What to write.")
  private Optional<String> stream = Optional.empty();

  @Option(names = "--mode", paramLabel = "MODE", description = "r to read, the default, or w.")
  private Mode mode = Mode.R;

  @Option(
      names = "--accumulate",
      description = "Read all into a data frame, and print its id when it is finished.")
  private boolean accumulate;

  @Option(
      names = "--num-workers",
      paramLabel = "N",
      description = "Parts to read side by side. Of a stream, each is a stream of its own.")
  private Optional<Integer> workers = Optional.empty();

  @Option(
      names = "--option",
      paramLabel = "NAME=VALUE",
      description = "What could also stand behind the # of the URI.")
  private Map<String, String> options = new HashMap<>();

  @Mixin private final NameOption name = new NameOption();

  OpenCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  @Override
  public Integer call() {
    requireSense();
    Map<String, String> all = new HashMap<>(options);
    workers.ifPresent(count -> all.put("num_workers", Integer.toString(count)));
    try (var _ = new Interruptible();
        Client client = target.connect()) {
      var drivers = Drivers.of(client);
      if (mode == Mode.W) {
        save(client, drivers, all);
      } else if (accumulate) {
        load(client, drivers, all);
      } else {
        open(drivers, all);
      }
      return ExitStatus.DONE;
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new FileException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      throw new FileException(uri + ": interrupted; nothing is left of it", e);
    }
  }

  private void requireSense() {
    if ((mode == Mode.W) != stream.isPresent()) {
      throw new UsageException("--mode=w needs the id of a stream, and nothing else does");
    }
    if (mode == Mode.W && accumulate) {
      throw new UsageException("--accumulate reads, --mode=w writes: give one of them");
    }
    if (name.given().isPresent() && !accumulate) {
      throw new UsageException("--name is for data frames: give --accumulate, too");
    }
  }

  private void open(Drivers drivers, Map<String, String> all)
      throws IOException, InterruptedException {
    var meter = new Meter();
    try (OpenedStream opened = drivers.open(uri, all, meter);
        var _ = progress("reading ", meter)) {
      console.out().println(opened.id());
      console.out().flush();
      opened.join();
    }
  }

  private void load(Client client, Drivers drivers, Map<String, String> all)
      throws IOException, InterruptedException {
    var meter = new Meter();
    ObjectId frame;
    try (var _ = progress("reading ", meter)) {
      frame = drivers.load(uri, all, meter);
    }
    name.give(client, frame);
    console.out().println(frame);
    if (console.errIsTerminal()) {
      console.err().printf("%,d rows%n", meter.rows());
    }
  }

  private void save(Client client, Drivers drivers, Map<String, String> all)
      throws IOException, InterruptedException {
    ObjectId id = Reference.resolve(client, stream.orElseThrow());
    var meter = new Meter();
    try (var _ = progress("writing ", meter)) {
      drivers.save(id, uri, all, meter);
    }
  }

  private Progress progress(String doing, Meter meter) {
    var bytes = new TransferMeter(System::nanoTime);
    return Progress.begin(
        console,
        () -> {
          if (meter.totalBytes() > 0) {
            bytes.transferred(meter.bytes(), meter.totalBytes());
          }
          return "%s%s: %,d rows%s".formatted(doing, uri, meter.rows(), bytes.text());
        });
  }

  /// Has a signal that ends the process interrupt this thread first, and wait until it has cleaned
  /// up.
  private static final class Interruptible implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    private Interruptible() {
      Thread worker = Thread.currentThread();
      hook = Thread.ofPlatform().unstarted(() -> interrupt(worker));
      Runtime.getRuntime().addShutdownHook(hook);
    }

    private void interrupt(Thread worker) {
      worker.interrupt();
      try {
        done.await(CLEANUP_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      done.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException ending) {
        // The hook is running, and waits for this thread no longer.
      }
    }
  }
}
