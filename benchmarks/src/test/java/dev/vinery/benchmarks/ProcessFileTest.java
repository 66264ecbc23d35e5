package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProcessFileTest {
  private static final long SELF = ProcessHandle.current().pid();

  @Test
  void theProcessorTimeIsFoundBehindAnyName() {
    String stat =
        "1712 (a) b (c) S 1 1712 1712 0 -1 4194560 1 2 3 4 120 35 7 8 20 0 3 0 999 4096 5\n";

    assertThat(ProcessFile.cpuTime(stat)).isEqualTo(Duration.ofMillis(1550));
  }

  @Test
  void whatThisProcessUsesGrows() {
    Duration before = ProcessFile.cpuTime(SELF);
    Duration threadsBefore = ProcessFile.livingThreadsTime(SELF);
    long deadlineNanos = System.nanoTime() + Duration.ofSeconds(20).toNanos();

    while (ProcessFile.cpuTime(SELF).equals(before) && System.nanoTime() < deadlineNanos) {
      Thread.onSpinWait();
    }

    assertThat(ProcessFile.cpuTime(SELF)).isGreaterThan(before);
    assertThat(ProcessFile.livingThreadsTime(SELF)).isGreaterThan(threadsBefore);
  }

  @Test
  void memoryIsToldInBytes() {
    long resident = ProcessFile.statusBytes(SELF, "VmRSS");

    assertThat(resident).isGreaterThan(10 << 20).isLessThan(64L << 30);
    assertThat(ProcessFile.statusBytes(SELF, "RssAnon")).isPositive().isLessThanOrEqualTo(resident);
  }

  @Test
  void theTimeThatAllProcessorsWereIdleIsFound() {
    String stat =
        """
        cpu  180060 3343 37107 534238 1676 0 297 479 0 0
        cpu0 83810 1572 15936 276680 271 0 60 231 0 0
        """;

    assertThat(ForeignWork.idle(stat)).isEqualTo(Duration.ofMillis(5_359_140));
  }
}
