package dev.vinery.server;

import java.time.Duration;

/// How streams are kept. Immutable.
///
/// @param thresholdPercent share of the memory limit from which on writers of streams wait for
///   room, from 1 to 100
/// @param returnTime how long a stream is kept whose reader has left, for another one to go on
public record StreamOptions(long thresholdPercent, Duration returnTime) {
  /// As upstream's share; the time is ours.
  public static final StreamOptions DEFAULT = new StreamOptions(80, Duration.ofSeconds(60));

  public StreamOptions {
    if (thresholdPercent < 1 || thresholdPercent > 100) {
      throw new IllegalArgumentException(
          "the threshold of streams must be from 1 to 100 percent, not " + thresholdPercent);
    }
    if (returnTime.isNegative()) {
      throw new IllegalArgumentException(
          "the time to return to a stream must not be negative: " + returnTime);
    }
  }
}
