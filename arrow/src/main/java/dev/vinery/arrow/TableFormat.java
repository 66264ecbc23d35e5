package dev.vinery.arrow;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;

/// A format of files that hold a table. A service: formats that need heavy libraries are modules of
/// their own, which programs find if they are there. Safe for use by several threads.
public interface TableFormat {
  /// How the names of such files end, in lower case: `.parquet`.
  String suffix();

  /// Reads a file.
  ///
  /// @param memory where the table will lie
  /// @return a table, which the caller closes
  /// @throws IOException if the file cannot be read, or is of another format
  ArrowTable read(Path file, BufferAllocator memory) throws IOException;

  /// Writes a file, in place of one that there may be.
  ///
  /// @throws IOException if the file cannot be written, or the format cannot express the table
  void write(ArrowTable table, Path file) throws IOException;
}
