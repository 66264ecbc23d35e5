package dev.vinery.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until a test moves it. Safe for use by several threads.
public final class FakeClock implements InstantSource {
  private Instant now;

  /// Makes a clock that shows `start`.
  public FakeClock(Instant start) {
    now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /// Moves the clock forward.
  ///
  /// @throws IllegalArgumentException if `step` is negative
  public synchronized void advance(Duration step) {
    if (step.isNegative()) {
      throw new IllegalArgumentException("a clock does not go back: " + step);
    }
    now = now.plus(step);
  }
}
