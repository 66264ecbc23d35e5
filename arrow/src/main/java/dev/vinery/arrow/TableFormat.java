package dev.vinery.arrow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/// A format of files that hold a table. A service: formats that need heavy libraries are modules of
/// their own, which programs find if they are there. Safe for use by several threads.
public interface TableFormat {
  /// Rows of a batch, at most, of a table that is read as a whole.
  int WHOLE_BATCH_ROWS = 1 << 20;

  /// How the names of such files end, in lower case: `.parquet`.
  String suffix();

  /// Opens a file to be read batch by batch.
  ///
  /// @param memory where the batches will lie
  /// @param batchRows rows of a batch, at most
  /// @param rows which of its rows are wanted
  /// @return a reader, which the caller closes
  /// @throws IOException if the file cannot be read, or is of another format; the reader throws it,
  ///   too
  ArrowReader open(Path file, BufferAllocator memory, int batchRows, RowRange rows)
      throws IOException;

  /// Opens a file to be read as a whole, batch by batch.
  ///
  /// @see #open(Path, BufferAllocator, int, RowRange)
  default ArrowReader open(Path file, BufferAllocator memory, int batchRows) throws IOException {
    return open(file, memory, batchRows, RowRange.ALL);
  }

  /// The groups of rows in which a file is stored, in order. Ranges of whole groups are read side
  /// by side at no cost; others may read more than they give.
  ///
  /// @throws IOException if the file cannot be read, or is of another format
  List<RowRange> groups(Path file) throws IOException;

  /// Reads a file.
  ///
  /// @param memory where the table will lie
  /// @return a table, which the caller closes
  /// @throws IOException if the file cannot be read, or is of another format
  default ArrowTable read(Path file, BufferAllocator memory) throws IOException {
    try (ArrowReader reader = open(file, memory, WHOLE_BATCH_ROWS)) {
      return ArrowFiles.read(reader, memory);
    }
  }

  /// Writes all batches of a reader to a file, in place of one that there may be.
  ///
  /// @param batches stays the caller's
  /// @param memory that of the reader, or one with the same root
  /// @throws IOException if the file cannot be written, or the format cannot express the batches
  void write(ArrowReader batches, BufferAllocator memory, Path file) throws IOException;

  /// Writes a file, in place of one that there may be.
  ///
  /// @throws IOException if the file cannot be written, or the format cannot express the table
  default void write(ArrowTable table, Path file) throws IOException {
    BufferAllocator memory = table.allocator();
    try (ArrowReader reader = new TableReader(table, memory)) {
      write(reader, memory, file);
    }
  }
}
