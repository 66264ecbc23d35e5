package dev.vinery.io;

import dev.vinery.arrow.ArrowFiles;
import dev.vinery.arrow.TableFormat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import org.apache.arrow.vector.ipc.ArrowReader;

/// A file that takes a stream, in one of the formats. Confined to one thread at a time.
final class FileWriting implements Writing {
  private final NewFile file;
  private final String name;
  private final Compression compression;
  private final Encoding encoding;

  /// How batches become the bytes of a file.
  sealed interface Encoding {
    /// Formats that are written as they come.
    non-sealed interface Streamed extends Encoding {
      void write(ArrowReader batches, OutputStream out) throws IOException;
    }

    /// Formats of libraries that write files themselves.
    non-sealed interface Whole extends Encoding {
      void write(ArrowReader batches, java.nio.file.Path file) throws IOException;
    }
  }

  FileWriting(NewFile file, String name, Compression compression, Encoding encoding) {
    this.file = file;
    this.name = name;
    this.compression = compression;
    this.encoding = encoding;
  }

  /// @throws IllegalArgumentException if an option is wrong, or a module for the format is missing
  static Encoding encoding(FileFormat format, Settings settings) {
    return switch (format) {
      case CSV -> {
        var csv = new CsvWriting(settings);
        yield (Encoding.Streamed) csv::write;
      }
      case ARROW -> (Encoding.Whole) ArrowFiles::write;
      case PARQUET, ORC -> {
        TableFormat tables = FileDriver.tableFormat(format);
        yield (Encoding.Whole)
            (batches, path) -> {
              try (var memory = Drivers.memory()) {
                tables.write(batches, memory, path);
              }
            };
      }
      case BYTES ->
          (Encoding.Streamed)
              (_, _) -> {
                throw new IOException("batches are no bytes: choose another filetype");
              };
    };
  }

  @Override
  public void write(ArrowReader batches) throws IOException {
    try {
      switch (encoding) {
        case Encoding.Streamed streamed -> {
          try (OutputStream out = out()) {
            streamed.write(batches, out);
          }
        }
        case Encoding.Whole whole -> whole.write(batches, file.path());
      }
    } catch (IOException e) {
      throw Failures.in(name, e);
    }
  }

  @Override
  public void write(InputStream bytes) throws IOException {
    try (OutputStream out = out()) {
      bytes.transferTo(out);
    } catch (IOException e) {
      throw Failures.in(name, e);
    }
  }

  private OutputStream out() throws IOException {
    return compression.compress(
        new BufferedOutputStream(Files.newOutputStream(file.path()), 1 << 16));
  }

  @Override
  public void finish() throws IOException {
    file.complete();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
