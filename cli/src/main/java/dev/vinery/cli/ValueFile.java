package dev.vinery.cli;

import dev.vinery.arrow.ArrowTable;
import dev.vinery.types.DataFrame;
import dev.vinery.types.Series;
import dev.vinery.types.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Values written into files, each in the form that the name of the file ends in.
final class ValueFile {
  private static final List<String> TABLE_SUFFIXES =
      List.of(".parquet", ".arrow", ".ipc", ".feather");

  /// Bytes that are written to a file in one go; a buffer holds no more than 2^31 - 1.
  private static final long WRITE_STEP_BYTES = 1L << 30;

  private ValueFile() {}

  /// @throws UsageException if a value of this kind has no such form
  /// @throws FileException if the file cannot be written
  static void write(Object value, Path file) {
    String lower = file.toString().toLowerCase(Locale.ROOT);
    Optional<String> table = TABLE_SUFFIXES.stream().filter(lower::endsWith).findFirst();
    if (lower.endsWith(".npy")) {
      if (!(value instanceof Tensor tensor)) {
        throw new UsageException("only arrays of numbers can be written as .npy");
      }
      write(List.of(NpyFile.header(tensor), tensor.values()), file);
    } else if (lower.endsWith(".csv")) {
      writeCsv(value, file);
    } else if (table.isPresent()) {
      writeTable(value, table.get(), file);
    } else {
      ArrowView.tableOf(value)
          .ifPresentOrElse(
              arrow -> ArrowView.write(arrow, file), () -> write(List.of(bytes(value)), file));
    }
  }

  private static void writeCsv(Object value, Path file) {
    switch (value) {
      case DataFrame frame -> CsvFile.write(frame, file);
      case Series series -> CsvFile.write(series.toFrame(), file);
      default ->
          ArrowView.writeCsv(
              ArrowView.tableOf(value)
                  .orElseThrow(() -> new UsageException("only tables can be written as .csv")),
              file);
    }
  }

  private static void writeTable(Object value, String suffix, Path file) {
    switch (value) {
      case DataFrame frame -> ArrowView.write(frame, file);
      case Series series -> ArrowView.write(series.toFrame(), file);
      default -> {
        ArrowTable table =
            ArrowView.tableOf(value)
                .orElseThrow(() -> new UsageException("only tables can be written as " + suffix));
        ArrowView.write(table, file);
      }
    }
  }

  /// The memory behind a value.
  private static MemorySegment bytes(Object value) {
    return switch (value) {
      case MemorySegment bytes -> bytes;
      case Tensor tensor -> tensor.values();
      default ->
          throw new UsageException(
              "--out writes blobs and arrays; tables into a file that ends in .csv, .parquet or"
                  + " .arrow");
    };
  }

  private static void write(List<MemorySegment> parts, Path file) {
    try (var channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (MemorySegment bytes : parts) {
        write(bytes, channel);
      }
    } catch (IOException e) {
      throw new FileException("cannot write %s: %s".formatted(file, ErrorText.of(e)), e);
    }
  }

  private static void write(MemorySegment bytes, FileChannel channel) throws IOException {
    for (long at = 0; at < bytes.byteSize(); at += WRITE_STEP_BYTES) {
      ByteBuffer step =
          bytes.asSlice(at, Math.min(WRITE_STEP_BYTES, bytes.byteSize() - at)).asByteBuffer();
      while (step.hasRemaining()) {
        channel.write(step);
      }
    }
  }
}
