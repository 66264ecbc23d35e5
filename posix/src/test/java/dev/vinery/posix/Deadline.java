package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waiting for a condition that another thread or the kernel brings about.
final class Deadline {
  static final Duration LIMIT = Duration.ofSeconds(20);

  private Deadline() {}

  static void waitUntil(String what, BooleanSupplier condition) {
    long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(deadlineNanos - System.nanoTime()).as("time left for: %s", what).isPositive();
      LockSupport.parkNanos(100_000);
    }
  }
}
