package dev.vinery.client;

import dev.vinery.protocol.BlobCompressor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Decides for one client whether the bytes of blobs travel compressed.
///
/// **Uploads.** The bytes are here, so a sample of them is compressed, which tells by how much and
/// how fast. How fast the link is, is known from earlier transfers that were not compressed.
/// Compressing is chosen if it saves at least a tenth of the time.
///
/// **Downloads.** What the daemon would send is not known beforehand. So both ways are timed, the
/// faster one is taken, and now and then the other one is tried again; over a link faster than
/// daemons compress, it is never tried.
///
/// **Cost.** A sample takes less than a millisecond and is taken only of what would travel longer
/// than that. Safe for use by several threads.
sealed interface CompressionChoice {
  boolean ofUpload(List<MemorySegment> parts);

  boolean ofDownload();

  /// Takes note of how long a transfer took.
  ///
  /// @param sizeBytes before compression
  default void uploaded(long sizeBytes, boolean compressed, long nanos) {}

  /// Takes note of how long a transfer took.
  ///
  /// @param sizeBytes before compression
  default void downloaded(long sizeBytes, boolean compressed, long nanos) {}

  /// The choice that a user made, or that leaves no choice.
  ///
  /// @param inOneHost whether the daemon is on this host
  /// @param understood whether the daemon wants compressed blobs
  static CompressionChoice of(Compression wish, boolean inOneHost, boolean understood) {
    return switch (wish) {
      case ON -> new Fixed(understood);
      case OFF -> new Fixed(false);
      case AUTO -> understood && !inOneHost ? new Learned() : new Fixed(false);
    };
  }

  /// Always the same.
  record Fixed(boolean compressed) implements CompressionChoice {
    @Override
    public boolean ofUpload(List<MemorySegment> parts) {
      return compressed;
    }

    @Override
    public boolean ofDownload() {
      return compressed;
    }
  }

  /// What pays.
  final class Learned implements CompressionChoice {
    /// Shorter transfers teach nothing: they consist of waiting.
    private static final long TEACHING_MIN_BYTES = 256 << 10;

    /// Compressing must save at least a tenth of the time.
    private static final double WORTHWHILE = 0.9;

    /// Bytes per second of links that nothing is gained on: daemons compress no faster.
    private static final double FAST_LINK = 1e9;

    private static final int SAMPLES = 4;
    private static final long SAMPLE_BYTES = 64 << 10;

    /// Every so many transfers the way that seems slower is tried.
    private static final int TRIAL_PERIOD = 16;

    /// Weight of the newest speed in an average.
    private static final double NEWEST = 0.25;

    // Bytes per second, 0 if not known yet.
    private double uploadSpeed;
    private double plainDownloadSpeed;
    private double compressedDownloadSpeed;
    private int uploads;
    private int downloads;

    @Override
    public boolean ofUpload(List<MemorySegment> parts) {
      long sizeBytes = parts.stream().mapToLong(MemorySegment::byteSize).sum();
      double speed = speedForUpload(sizeBytes);
      if (speed == 0) {
        return false;
      }
      Sample sample = Sample.of(parts);
      double compressedNanosPerByte = sample.nanosPerByte() + sample.ratio() * 1e9 / speed;
      return compressedNanosPerByte < WORTHWHILE * 1e9 / speed;
    }

    /// The speed of the link, or 0 if there is nothing to decide.
    private synchronized double speedForUpload(long sizeBytes) {
      boolean decides = sizeBytes >= TEACHING_MIN_BYTES && uploads++ % TRIAL_PERIOD != 0;
      return decides ? uploadSpeed : 0;
    }

    @Override
    public synchronized void uploaded(long sizeBytes, boolean compressed, long nanos) {
      if (sizeBytes >= TEACHING_MIN_BYTES && !compressed) {
        uploadSpeed = average(uploadSpeed, sizeBytes, nanos);
      }
    }

    @Override
    public synchronized boolean ofDownload() {
      if (plainDownloadSpeed == 0 || plainDownloadSpeed > FAST_LINK) {
        return false;
      }
      if (compressedDownloadSpeed == 0) {
        return true;
      }
      boolean better = plainDownloadSpeed < WORTHWHILE * compressedDownloadSpeed;
      return (downloads % TRIAL_PERIOD == 0) != better;
    }

    @Override
    public synchronized void downloaded(long sizeBytes, boolean compressed, long nanos) {
      if (sizeBytes < TEACHING_MIN_BYTES) {
        return;
      }
      downloads++;
      if (compressed) {
        compressedDownloadSpeed = average(compressedDownloadSpeed, sizeBytes, nanos);
      } else {
        plainDownloadSpeed = average(plainDownloadSpeed, sizeBytes, nanos);
      }
    }

    private static double average(double before, long sizeBytes, long nanos) {
      double now = sizeBytes * (double) TimeUnit.SECONDS.toNanos(1) / Math.max(nanos, 1);
      return before == 0 ? now : before + (now - before) * NEWEST;
    }
  }

  /// What compressing does to some bytes.
  ///
  /// @param ratio length afterwards, divided by the length before
  /// @param nanosPerByte how long it takes
  record Sample(double ratio, double nanosPerByte) {
    /// Compresses pieces from all over the longest of these parts.
    static Sample of(List<MemorySegment> parts) {
      @Nullable MemorySegment longest = null;
      for (MemorySegment part : parts) {
        if (longest == null || part.byteSize() > longest.byteSize()) {
          longest = part;
        }
      }
      return longest == null ? new Sample(1, 0) : of(longest);
    }

    private static Sample of(MemorySegment part) {
      long length = Math.min(Learned.SAMPLE_BYTES, part.byteSize());
      long stride = (part.byteSize() - length) / (Learned.SAMPLES - 1);
      long[] compressedBytes = {0};
      long start = System.nanoTime();
      try (var compressor = new BlobCompressor()) {
        for (int i = 0; i < Learned.SAMPLES; i++) {
          compressor.compress(
              part.asSlice(i * stride, length), chunk -> compressedBytes[0] += chunk.remaining());
        }
      } catch (IOException impossible) {
        throw new AssertionError("nothing is written", impossible);
      }
      double sampledBytes = Learned.SAMPLES * (double) length;
      return new Sample(
          compressedBytes[0] / sampledBytes, (System.nanoTime() - start) / sampledBytes);
    }
  }
}
