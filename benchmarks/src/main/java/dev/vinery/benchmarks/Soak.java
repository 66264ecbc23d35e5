package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// W12: mixed calls of many clients beside idle ones for a long time, on both daemons in turns:
/// whether a daemon becomes slower, or leaves anything behind.
final class Soak implements Suite {
  private static final int CLIENTS = 32;
  private static final int IDLE_CLIENTS = 1_000;
  private static final int STEPS = 250;
  private static final double MIB = 1 << 20;
  private static final Duration LEAVING_LIMIT = Duration.ofSeconds(10);
  private static final long RETRY_NANOS = 10_000_000;

  /// Turns at the beginning and at the end that are compared are one in so many.
  private static final int DRIFT_PART = 4;

  @Override
  public String id() {
    return "W12";
  }

  @Override
  public String title() {
    return "Soak: 70 % get, 20 % put, 5 % list or name, 5 % delete";
  }

  @Override
  public boolean optional() {
    return true;
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws PosixException {
    Duration time = daemons.options().soak();
    var content = new Content(MixedWorker.MAX_BYTES);
    Map<Side, Crew> crews = new EnumMap<>(Side.class);
    try {
      for (Side side : Side.values()) {
        crews.put(side, Crew.meet(daemons.daemon(side), content));
      }
      long end = System.nanoTime() + time.toNanos();
      do {
        crews.values().forEach(Crew::work);
      } while (System.nanoTime() - end < 0);
    } finally {
      for (Crew crew : crews.values()) {
        crew.leave();
      }
    }
    report.add(table(time, crews, daemons.options()));
  }

  private static MarkdownTable table(Duration time, Map<Side, Crew> crews, RunOptions options) {
    var table =
        new MarkdownTable(
            "%d clients, %s idle ones, %d minutes in all"
                .formatted(CLIENTS, Figures.count(IDLE_CLIENTS), time.toMinutes()),
            options.program(Side.OFFICIAL).name(),
            options.program(Side.OURS).name());
    row(table, "calls per second", crews, crew -> Figures.rate(crew.median(Turn::perSecond)));
    row(table, "p50, µs", crews, crew -> Figures.micros(crew.median(Turn::p50Nanos)));
    row(table, "p99, µs", crews, crew -> Figures.micros(crew.median(Turn::p99Nanos)));
    row(table, "p99.9, µs", crews, crew -> Figures.micros(crew.median(Turn::p999Nanos)));
    row(
        table,
        "longest call, median of the turns, µs",
        crews,
        crew -> Figures.micros(crew.median(Turn::longestNanos)));
    row(
        table,
        "calls per second, last quarter to first",
        crews,
        crew -> Figures.ratio(crew.drift()));
    row(table, "own memory after the first turn; at the end, MiB", crews, Crew::memory);
    row(table, "puts refused for want of memory", crews, crew -> Figures.count(crew.refused()));
    row(table, "left when all have gone: bytes; threads; descriptors", crews, Crew::left);
    return table;
  }

  private interface Cell {
    String of(Crew crew);
  }

  private static void row(MarkdownTable table, String name, Map<Side, Crew> crews, Cell cell) {
    table.row(name, cell(Side.OFFICIAL, crews, cell), cell(Side.OURS, crews, cell));
  }

  private static String cell(Side side, Map<Side, Crew> crews, Cell cell) {
    Crew crew = crews.get(side);
    return crew == null ? "–" : cell.of(crew);
  }

  /// The clients of one daemon, and what they have seen.
  private static final class Crew {
    private final DaemonProcess daemon;
    private final List<MixedWorker> workers = new ArrayList<>();
    private final List<OfficialClient> idle = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();
    private final int threadsBefore;
    private final long descriptorsBefore;
    private double memoryAtFirst;
    private double memoryAtLast;
    private String left = "";

    private Crew(DaemonProcess daemon) {
      this.daemon = daemon;
      this.threadsBefore = ProcessFile.threads(daemon.pid());
      this.descriptorsBefore = descriptors(daemon.pid());
    }

    static Crew meet(DaemonProcess daemon, Content content) throws PosixException {
      var crew = new Crew(daemon);
      for (int i = 0; i < CLIENTS; i++) {
        crew.workers.add(new MixedWorker(OfficialClient.connect(daemon.socket(), content), i));
      }
      for (int i = 0; i < IDLE_CLIENTS; i++) {
        crew.idle.add(OfficialClient.connect(daemon.socket()));
      }
      return crew;
    }

    void work() {
      var load = Load.of("soak", 0).withClients(CLIENTS);
      turns.add(ClientThreads.run(load, List.copyOf(workers), STEPS));
      memoryAtLast = daemon.privateBytes();
      if (turns.size() == 1) {
        memoryAtFirst = memoryAtLast;
      }
    }

    double median(ToDoubleFunction<Turn> quantity) {
      return Spread.of(turns, quantity).median();
    }

    double drift() {
      int part = Math.max(1, turns.size() / DRIFT_PART);
      double first = Spread.of(turns.subList(0, part), Turn::perSecond).median();
      return Spread.of(turns.subList(turns.size() - part, turns.size()), Turn::perSecond).median()
          / first;
    }

    String memory() {
      return Figures.number(memoryAtFirst / MIB) + "; " + Figures.number(memoryAtLast / MIB);
    }

    long refused() {
      return workers.stream().mapToLong(MixedWorker::refused).sum();
    }

    /// Everybody deletes what they have and goes; then the daemon should be as it was.
    void leave() throws PosixException {
      for (MixedWorker worker : workers) {
        worker.clear();
        worker.close();
      }
      idle.forEach(OfficialClient::close);
      try (var last = OfficialClient.connect(daemon.socket())) {
        last.awaitAlone();
        awaitThreads();
        left =
            "%s; %d; %d"
                .formatted(
                    Figures.count(last.usedBytes()),
                    ProcessFile.threads(daemon.pid()) - threadsBefore,
                    descriptors(daemon.pid()) - descriptorsBefore - 1);
      }
    }

    /// Waits for the threads of connections that are counted no more but still on their way out.
    private void awaitThreads() {
      long end = System.nanoTime() + LEAVING_LIMIT.toNanos();
      while (ProcessFile.threads(daemon.pid()) > threadsBefore && System.nanoTime() - end < 0) {
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }

    String left() {
      return left;
    }

    private static long descriptors(long pid) {
      try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
        return open.count();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
