package dev.vinery.io;

import java.util.concurrent.atomic.AtomicLong;

/// How far reading or writing has come. Safe for use by several threads.
public final class Meter {
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong totalBytes = new AtomicLong(-1);

  /// One that has counted nothing yet.
  public Meter() {}

  /// Rows that were read or written so far.
  public long rows() {
    return rows.get();
  }

  /// Bytes of the files that were read or written so far.
  public long bytes() {
    return bytes.get();
  }

  /// Bytes that there are to be read in all; negative if nobody knows.
  public long totalBytes() {
    return totalBytes.get();
  }

  void addRows(long count) {
    rows.addAndGet(count);
  }

  void addBytes(long count) {
    bytes.addAndGet(count);
  }

  void expectBytes(long total) {
    totalBytes.set(total);
  }
}
