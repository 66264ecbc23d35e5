package dev.vinery.protocol;

import java.time.Duration;

/// How a stream keeps its chunks. Immutable. Official clients and daemons know of none but
/// [#PLAIN].
///
/// @param shared whether each connection that reads has a position of its own, and begins with the
///   first chunk that is kept. Chunks that all readers have read stay until they are in the way of
///   new ones, and the stream until it is dropped. Else there is one position and one reader at a
///   time, chunks are dropped as they are read, and the stream with the last of them
/// @param limitBytes from how many bytes of blobs on a writer waits until more was read; at least
///   1. A chunk alone may be longer
/// @param limitAge how long a chunk is kept from when it became ready, read or not; whole
///   milliseconds, at least 1
public record StreamTerms(boolean shared, long limitBytes, Duration limitAge) {
  /// No limit in bytes.
  public static final long UNLIMITED = Long.MAX_VALUE;

  /// No limit in time.
  public static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

  /// The longest limit in time.
  private static final Duration MAX_AGE = Duration.ofDays(365);

  /// One reader, no limits.
  public static final StreamTerms PLAIN = new StreamTerms(false, UNLIMITED, FOR_EVER);

  /// Many readers, no limits.
  public static final StreamTerms SHARED = new StreamTerms(true, UNLIMITED, FOR_EVER);

  public StreamTerms {
    if (limitBytes < 1) {
      throw new IllegalArgumentException(
          "the limit of a stream must be at least 1 byte, not " + limitBytes);
    }
    if (!limitAge.equals(FOR_EVER)
        && (limitAge.compareTo(Duration.ofMillis(1)) < 0
            || limitAge.compareTo(MAX_AGE) > 0
            || limitAge.toNanosPart() % 1_000_000 != 0)) {
      throw new IllegalArgumentException(
          "the limit of a stream must be whole milliseconds up to 365 days, not " + limitAge);
    }
  }

  public StreamTerms withLimitBytes(long limit) {
    return new StreamTerms(shared, limit, limitAge);
  }

  public StreamTerms withLimitAge(Duration limit) {
    return new StreamTerms(shared, limitBytes, limit);
  }

  /// Whether chunks grow too old.
  public boolean ages() {
    return !limitAge.equals(FOR_EVER);
  }

  static StreamTerms read(Json.Fields in) {
    try {
      return new StreamTerms(
          in.flag("shared", false),
          in.has("limit_bytes") ? in.count("limit_bytes") : UNLIMITED,
          in.has("limit_millis") ? Duration.ofMillis(in.count("limit_millis")) : FOR_EVER);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException(String.valueOf(e.getMessage()));
    }
  }

  /// Writes the fields of the limits that there are.
  void writeLimits(JsonWriter out) {
    if (limitBytes != UNLIMITED) {
      out.field("limit_bytes", limitBytes);
    }
    if (ages()) {
      out.field("limit_millis", limitAge.toMillis());
    }
  }
}
