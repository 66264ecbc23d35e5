package dev.vinery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class EventuallyTest {
  private final AtomicInteger tries = new AtomicInteger();

  @Test
  void itWaitsUntilTheAssertionHolds() {
    Eventually.eventually(() -> assertThat(tries.incrementAndGet()).isGreaterThanOrEqualTo(3));

    assertThat(tries).hasValue(3);
  }

  @Test
  void itGivesUpWithTheLastFailure() {
    assertThatThrownBy(() ->
            Eventually.eventually(Duration.ZERO, () -> fail("try " + tries.incrementAndGet())))
        .isInstanceOf(AssertionError.class)
        .hasMessage("try 1");
    assertThat(tries).hasValue(1);
  }

  @Test
  void whatIsNoAssertionEndsTheWait() {
    assertThatThrownBy(() ->
            Eventually.eventually(() -> {
              tries.incrementAndGet();
              throw new IllegalStateException("broken");
            }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(tries).hasValue(1);
  }
}
