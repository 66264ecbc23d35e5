package dev.vinery.cli;

import dev.vinery.client.TransferListener;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How far the bytes of a transfer have come, how fast, and how long the rest may take. Safe for
/// use by several threads.
final class TransferMeter implements TransferListener {
  private final LongSupplier nanoTime;
  private long startNanos;
  private long nowNanos;
  private long firstBytes;
  private long doneBytes;
  private long totalBytes;

  /// @param nanoTime the clock, as [System#nanoTime()]
  TransferMeter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized void transferred(long done, long total) {
    nowNanos = nanoTime.getAsLong();
    boolean begins = total != totalBytes || done < doneBytes;
    if (begins) {
      startNanos = nowNanos;
      firstBytes = done;
    }
    doneBytes = done;
    totalBytes = total;
  }

  /// What people see behind what is going on: nothing, or for example `, 512 MiB of 2 GiB, 310
  /// MB/s, 5 s left`.
  synchronized String text() {
    if (totalBytes == 0) {
      return "";
    }
    String text = ", " + ByteSize.print(doneBytes) + " of " + ByteSize.print(totalBytes);
    double seconds = (nowNanos - startNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    if (seconds <= 0 || doneBytes == totalBytes) {
      return text;
    }
    double bytesPerSecond = (doneBytes - firstBytes) / seconds;
    var left = Duration.ofSeconds(Math.round((totalBytes - doneBytes) / bytesPerSecond));
    return "%s, %.0f MB/s, %s left"
        .formatted(text, bytesPerSecond / 1e6, left.isZero() ? "1 s" : Age.print(left));
  }
}
