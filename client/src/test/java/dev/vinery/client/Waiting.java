package dev.vinery.client;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits in tests: for a condition, never for a time.
final class Waiting {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(1);

  private Waiting() {}

  static void until(String condition, BooleanSupplier holds) {
    long start = System.nanoTime();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new AssertionError("waited in vain until " + condition);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /// Waits for what follows a run of the garbage collector.
  static void untilCollected(String condition, BooleanSupplier holds) {
    until(
        condition,
        () -> {
          System.gc();
          return holds.getAsBoolean();
        });
  }
}
