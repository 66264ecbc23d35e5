package dev.vinery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class FakeClockTest {
  private final FakeClock clock = new FakeClock(Instant.EPOCH);

  @Test
  void itMovesOnlyByHand() {
    clock.advance(Duration.ofMillis(1500));
    clock.advance(Duration.ofMillis(500));

    assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(2));
    assertThat(clock.millis()).isEqualTo(2000);
  }

  @Test
  void itDoesNotGoBack() {
    assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
  }
}
