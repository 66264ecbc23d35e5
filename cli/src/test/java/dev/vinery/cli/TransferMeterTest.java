package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TransferMeterTest {
  private final AtomicLong clock = new AtomicLong();
  private final TransferMeter meter = new TransferMeter(clock::get);

  private void at(double seconds, long doneMebibytes, long totalMebibytes) {
    clock.set((long) (seconds * TimeUnit.SECONDS.toNanos(1)));
    meter.transferred(doneMebibytes << 20, totalMebibytes << 20);
  }

  @Test
  void nothingIsSaidBeforeAnythingTravels() {
    assertThat(meter.text()).isEmpty();
  }

  @Test
  void speedAndTheTimeLeftAreToldFromTheSecondReportOn() {
    at(0, 0, 1000);
    assertThat(meter.text()).isEqualTo(", 0 B of 1000 MiB");

    at(2, 200, 1000);
    assertThat(meter.text()).isEqualTo(", 200 MiB of 1000 MiB, 105 MB/s, 8 s left");
  }

  @Test
  void theEndHasNoTimeLeft() {
    at(0, 10, 20);
    at(1, 20, 20);

    assertThat(meter.text()).isEqualTo(", 20 MiB of 20 MiB");
  }

  @Test
  void anotherTransferBeginsAnew() {
    at(0, 10, 20);
    at(1, 20, 20);
    at(100, 1, 30);
    at(101, 2, 30);

    assertThat(meter.text()).isEqualTo(", 2 MiB of 30 MiB, 1 MB/s, 28 s left");
  }
}
