package dev.vinery.cli;

import dev.vinery.arrow.RowRange;
import dev.vinery.arrow.TableFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/// Files of ORC, whose libraries are loaded when the first is opened. Safe for use by several
/// threads.
public final class OrcTables implements TableFormat {
  private static final JarFolder FOLDER = new JarFolder("lib-orc");

  private @Nullable TableFormat loaded;

  /// A format of which nothing is loaded yet.
  public OrcTables() {}

  @Override
  public String suffix() {
    return ".orc";
  }

  @Override
  public ArrowReader open(Path file, BufferAllocator memory, int batchRows, RowRange rows)
      throws IOException {
    return format().open(file, memory, batchRows, rows);
  }

  @Override
  public List<RowRange> groups(Path file) throws IOException {
    return format().groups(file);
  }

  @Override
  public void write(ArrowReader batches, BufferAllocator memory, Path file) throws IOException {
    format().write(batches, memory, file);
  }

  private synchronized TableFormat format() throws IOException {
    TableFormat format = loaded;
    if (format == null) {
      format = FOLDER.load(TableFormat.class);
      loaded = format;
    }
    return format;
  }
}
