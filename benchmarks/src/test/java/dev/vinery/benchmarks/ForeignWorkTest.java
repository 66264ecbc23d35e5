package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ForeignWorkTest {
  private static final long SELF = ProcessHandle.current().pid();
  private static final Duration WORK = Duration.ofMillis(300);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final double TOLERANCE = 0.6; // of the ticks in which the kernel counts

  @Test
  void onlyWhatNobodyOwnsIsForeign() {
    var all = ForeignWork.onThisMachine(() -> new long[0]);
    var others = ForeignWork.onThisMachine(() -> new long[] {SELF});
    long startNanos = System.nanoTime();

    all.start();
    others.start();
    work();
    double withOurs = all.stop();
    double withoutOurs = others.stop();

    double ours = (double) WORK.toNanos() / (System.nanoTime() - startNanos);
    assertThat(withOurs).isGreaterThan(TOLERANCE * ours);
    assertThat(withoutOurs).isBetween(0.0, withOurs - TOLERANCE * ours);
  }

  @Test
  void waitingEndsWithThePatience() {
    var foreign = ForeignWork.onThisMachine(() -> new long[0]);

    assertThat(foreign.awaitCalm(-1, Duration.ofMillis(1))).isGreaterThan(Duration.ofMillis(1));
    assertThat(foreign.awaitCalm(-1, Duration.ZERO)).isEqualTo(Duration.ZERO);
  }

  /// Uses the processor for a while, however little of it there is.
  private static void work() {
    long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
    Duration end = ProcessFile.cpuTime(SELF).plus(WORK);
    while (ProcessFile.cpuTime(SELF).compareTo(end) < 0) {
      assertThat(System.nanoTime()).isLessThan(deadlineNanos);
    }
  }
}
