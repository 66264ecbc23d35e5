package dev.vinery.benchmarks;

import java.util.Arrays;

/// Times of many steps, in order of length. Immutable.
final class Percentiles {
  private final long[] ascendingNanos;

  /// @param nanos times in any order, at least one; not kept
  Percentiles(long[] nanos) {
    if (nanos.length == 0) {
      throw new IllegalArgumentException("percentiles of nothing");
    }
    this.ascendingNanos = nanos.clone();
    Arrays.sort(ascendingNanos);
  }

  /// The shortest time that at least a given part of all steps did not exceed.
  ///
  /// @param part in (0, 1]; 0.5 is the median, 1 the longest
  long nanos(double part) {
    if (!(part > 0 && part <= 1)) {
      throw new IllegalArgumentException("the part must be in (0, 1]: " + part);
    }
    int rank = (int) Math.ceil(part * ascendingNanos.length);
    return ascendingNanos[Math.max(rank, 1) - 1];
  }

  /// All times together.
  long sumNanos() {
    return Arrays.stream(ascendingNanos).sum();
  }

  int count() {
    return ascendingNanos.length;
  }
}
