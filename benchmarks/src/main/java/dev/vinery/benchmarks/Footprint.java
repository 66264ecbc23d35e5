package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/// W11: what a daemon costs before it does anything, and what each object costs.
final class Footprint implements Suite {
  private static final long SIZE = Population.BLOB_BYTES;
  private static final int COLD_CALLS = 1_000;
  private static final int WARM_CALLS = 20_000;
  private static final int WARM_BATCH = 1_000;
  private static final Duration IDLE = Duration.ofSeconds(2);
  private static final double MIB = 1 << 20;

  @Override
  public String id() {
    return "W11";
  }

  @Override
  public String title() {
    return "Start-up, idling, growth";
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws IOException, PosixException {
    report.add(
        daemons.compareOfficial(
            Load.of("connect, register, leave", 1),
            new Content(0),
            (client, side) -> new Connecting(client, daemons.daemon(side))));
    report.add(starts(daemons));
    report.add(growth(daemons));
    report.add(new Crowd(daemons.restart(Side.OURS)).among(crowds(daemons.options())));
  }

  private static List<Integer> crowds(RunOptions options) {
    return options.quick() ? List.of(100, 10_000) : List.of(100, 10_000, 1_000_000);
  }

  /// Connects and leaves, over and over.
  private record Connecting(OfficialClient client, DaemonProcess daemon) implements Worker {
    @Override
    public void step(int index) throws PosixException {
      OfficialClient.connect(daemon.socket()).close();
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /// What was seen of a daemon that has just been started.
  private record Start(
      double startMs,
      double residentMib,
      double privateMib,
      double idleMsPerSecond,
      double coldPutNanos) {}

  private static MarkdownTable starts(SideBySide daemons) throws IOException, PosixException {
    Map<Side, List<Start>> starts = new EnumMap<>(Side.class);
    for (int round = 0; round < daemons.options().rounds(); round++) {
      for (Side side : Side.values()) {
        starts.computeIfAbsent(side, _ -> new ArrayList<>()).add(start(daemons.restart(side)));
      }
    }
    var table = table("fresh daemon", daemons.options());
    row(table, "program start to first client, ms", starts, Start::startMs);
    row(table, "resident memory, MiB", starts, Start::residentMib);
    row(table, "of that its own, MiB", starts, Start::privateMib);
    row(table, "idle: ms of processor time per s", starts, Start::idleMsPerSecond);
    row(
        table,
        "put 64 B, p50 of the first " + Figures.count(COLD_CALLS) + ", µs",
        starts,
        start -> start.coldPutNanos() / 1e3);
    return table;
  }

  private static Start start(DaemonProcess daemon) throws PosixException {
    LockSupport.parkNanos(IDLE.toNanos() / 2); // what it does when it starts is not idling
    Duration before = ProcessFile.livingThreadsTime(daemon.pid());
    long resident = ProcessFile.statusBytes(daemon.pid(), "VmRSS");
    LockSupport.parkNanos(IDLE.toNanos());
    Duration idle = ProcessFile.livingThreadsTime(daemon.pid()).minus(before);
    long[] times = new long[COLD_CALLS];
    try (var client = OfficialClient.connect(daemon.socket(), new Content(SIZE))) {
      for (int i = 0; i < COLD_CALLS; i++) {
        long start = System.nanoTime();
        client.put(SIZE);
        times[i] = System.nanoTime() - start;
      }
    }
    return new Start(
        daemon.startTime().toNanos() / 1e6,
        resident / MIB,
        daemon.privateBytes() / MIB,
        (double) idle.toNanos() / IDLE.toMillis() / 1e3,
        new Percentiles(times).nanos(0.5));
  }

  private static void row(
      MarkdownTable table,
      String name,
      Map<Side, List<Start>> starts,
      ToDoubleFunction<Start> quantity) {
    Spread official = Spread.of(starts.getOrDefault(Side.OFFICIAL, List.of()), quantity);
    Spread ours = Spread.of(starts.getOrDefault(Side.OURS, List.of()), quantity);
    table.row(name, range(official), range(ours));
  }

  private static String range(Spread spread) {
    return "%s (%s–%s)"
        .formatted(
            Figures.number(spread.median()),
            Figures.number(spread.min()),
            Figures.number(spread.max()));
  }

  private static MarkdownTable table(String title, RunOptions options) {
    return new MarkdownTable(
        title, options.program(Side.OFFICIAL).name(), options.program(Side.OURS).name());
  }

  /// Bytes of a daemon's own memory for each thing.
  private record Growth(double perBlob, double perObject) {}

  private static MarkdownTable growth(SideBySide daemons) throws IOException, PosixException {
    int count = daemons.options().quick() ? 10_000 : 100_000;
    Growth official = growth(daemons.restart(Side.OFFICIAL), count);
    Growth ours = growth(daemons.restart(Side.OURS), count);
    var table =
        table("own memory for each of " + Figures.count(count) + ", bytes", daemons.options());
    table.row("blob of 64 B", Figures.number(official.perBlob()), Figures.number(ours.perBlob()));
    table.row(
        "object of eight fields and a blob",
        Figures.number(official.perObject()),
        Figures.number(ours.perObject()));
    return table;
  }

  private static Growth growth(DaemonProcess daemon, int count) throws PosixException {
    try (var client = OfficialClient.connect(daemon.socket(), new Content(SIZE))) {
      warmUp(client);
      long[] blobs = new long[count];
      long empty = daemon.privateBytes();
      for (int i = 0; i < count; i++) {
        blobs[i] = client.createBlob(SIZE);
      }
      long withBlobs = daemon.privateBytes();
      for (long blob : blobs) {
        client.createObject(blob, SIZE);
      }
      long withObjects = daemon.privateBytes();
      return new Growth(
          (double) (withBlobs - empty) / count, (double) (withObjects - withBlobs) / count);
    }
  }

  /// Makes the daemon compile its code and size its heap before its memory is looked at.
  private static void warmUp(OfficialClient client) throws PosixException {
    long[] made = new long[WARM_BATCH];
    for (int done = 0; done < WARM_CALLS; done += WARM_BATCH) {
      for (int i = 0; i < WARM_BATCH; i++) {
        made[i] = client.put(SIZE);
      }
      client.discard(made, WARM_BATCH, false);
    }
  }
}
