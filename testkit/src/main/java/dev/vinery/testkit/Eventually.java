package dev.vinery.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waits in tests for what other threads and processes bring about.
public final class Eventually {
  /// How long something may take that normally is done at once.
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(1);

  private Eventually() {}

  /// Repeats an assertion until it holds.
  ///
  /// @throws AssertionError what the assertion threw last, if it does not hold within [#PATIENCE]
  public static void eventually(Runnable assertion) {
    eventually(PATIENCE, assertion);
  }

  /// Repeats an assertion until it holds.
  ///
  /// @throws AssertionError what the assertion threw last, if it does not hold within `patience`
  public static void eventually(Duration patience, Runnable assertion) {
    long startNanos = System.nanoTime();
    while (true) {
      try {
        assertion.run();
        return;
      } catch (AssertionError notYet) {
        if (System.nanoTime() - startNanos >= patience.toNanos()) {
          throw notYet;
        }
        LockSupport.parkNanos(POLL_INTERVAL.toNanos());
      }
    }
  }
}
