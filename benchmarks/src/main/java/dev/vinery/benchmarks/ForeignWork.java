package dev.vinery.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// How much of the machine others use while we measure: the time in which the processors were not
/// idle, less the time that our own processes ran. Confined to one thread.
///
/// Both come from the kernel's own books, to one tick of 10 ms for each process and processor; so
/// over a second and three processes the error is below 0.04 of a processor.
final class ForeignWork {
  private static final Path STAT = Path.of("/proc/stat");
  private static final int IDLE_TICKS = 4; // fields of the line that begins with "cpu"
  private static final int IO_WAIT_TICKS = 5;
  private static final long CALM_WINDOW_NANOS = 200_000_000;

  private final Supplier<Duration> usedByOthers;
  private long startNanos;
  private Duration usedAtStart = Duration.ZERO;

  /// @param usedByOthers processor time that others used, since a moment that does not change
  ForeignWork(Supplier<Duration> usedByOthers) {
    this.usedByOthers = usedByOthers;
  }

  /// What others use of this machine.
  ///
  /// @param ownPids our processes, those that are alive
  static ForeignWork onThisMachine(Supplier<long[]> ownPids) {
    int processors = Machine.processors(); // whether we may use them or not
    return new ForeignWork(() ->
        Duration.ofNanos(System.nanoTime())
            .multipliedBy(processors)
            .minus(idle(ProcessFile.read(STAT)))
            .minus(cpuTime(ownPids.get())));
  }

  void start() {
    usedAtStart = usedByOthers.get();
    startNanos = System.nanoTime();
  }

  /// What others used since [#start].
  ///
  /// @return in processors: 0.05 is five hundredths of one
  double stop() {
    Duration wall = Duration.ofNanos(System.nanoTime() - startNanos);
    Duration foreign = usedByOthers.get().minus(usedAtStart);
    return Math.max(0, (double) foreign.toNanos() / wall.toNanos());
  }

  /// Waits until others leave the machine alone.
  ///
  /// @param limit in processors
  /// @param patience how long to wait at most; if none, there is no looking either
  /// @return how long it took
  Duration awaitCalm(double limit, Duration patience) {
    long startWaiting = System.nanoTime();
    long waited = 0;
    boolean calm = false;
    while (!calm && waited < patience.toNanos()) {
      start();
      LockSupport.parkNanos(CALM_WINDOW_NANOS);
      calm = stop() <= limit;
      waited = System.nanoTime() - startWaiting;
    }
    return Duration.ofNanos(waited);
  }

  /// Time that all processors together have been idle since the machine was started.
  ///
  /// @param stat the contents of `/proc/stat`
  static Duration idle(String stat) {
    String[] fields = stat.substring(0, stat.indexOf('\n')).split(" +", -1);
    long ticks = Long.parseLong(fields[IDLE_TICKS]) + Long.parseLong(fields[IO_WAIT_TICKS]);
    return ProcessFile.TICK.multipliedBy(ticks);
  }

  private static Duration cpuTime(long[] pids) {
    Duration sum = Duration.ZERO;
    for (long pid : pids) {
      sum = sum.plus(ProcessFile.cpuTime(pid));
    }
    return sum;
  }
}
