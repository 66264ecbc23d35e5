package dev.vinery.parquet;

import dev.vinery.arrow.ArrowFiles;
import dev.vinery.arrow.ArrowTable;
import dev.vinery.arrow.TableFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;

/// Parquet files, read and written by DuckDB. Safe for use by several threads; each call has a
/// database of its own, in memory and empty.
///
/// The process needs native access for `duckdb.jdbc` and `org.apache.arrow.c`, and `java.nio` of
/// `java.base` opened to `org.apache.arrow.memory.core`.
public final class ParquetFormat implements TableFormat {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  /// Most rows of a batch that is read.
  private static final long BATCH_ROWS = 1 << 20;

  /// Without it, time stamps get the zone of this machine.
  private static final String UTC = "SET TimeZone = 'UTC'";

  /// Under what name the table is known to the database.
  private static final String VIEW = "written";

  /// A format without settings.
  public ParquetFormat() {}

  @Override
  public String suffix() {
    return ".parquet";
  }

  /// {@inheritDoc}
  ///
  /// Of many rows it makes several batches, of at most 1,048,576 rows each.
  @Override
  public ArrowTable read(Path file, BufferAllocator memory) throws IOException {
    if (!Arrays.equals(start(file), MAGIC)) {
      throw new IOException("it is no Parquet file: it begins otherwise");
    }
    String path = quoted(literalGlob(file.toAbsolutePath().toString()));
    try (Connection database = open();
        Statement statement = database.createStatement()) {
      statement.execute(UTC);
      List<String> names = ColumnNames.read(statement, path);
      String query = "SELECT * FROM read_parquet(%s, hive_partitioning = false)".formatted(path);
      try (var rows = statement.executeQuery(query).unwrap(DuckDBResultSet.class);
          var reader = (ArrowReader) rows.arrowExportStream(memory, BATCH_ROWS)) {
        return ColumnNames.restore(ArrowFiles.read(reader, memory), names, memory);
      }
    } catch (SQLException | IOException | RuntimeException e) {
      throw new IOException(reason(e), e);
    }
  }

  private static byte[] start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAGIC.length);
    }
  }

  /// {@inheritDoc}
  ///
  /// @throws IOException also if a column has no name, or two have names that differ only in case
  @Override
  public void write(ArrowTable table, Path file) throws IOException {
    ColumnNames.requireDistinct(table.schema());
    BufferAllocator memory = table.allocator();
    String copy =
        "COPY (SELECT * FROM %s) TO %s (FORMAT parquet, COMPRESSION zstd)"
            .formatted(VIEW, quoted(file.toAbsolutePath().toString()));
    try (var reader = new TableReader(table, memory);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(memory);
        Connection database = open();
        Statement statement = database.createStatement()) {
      Data.exportArrayStream(memory, reader, stream);
      database.unwrap(DuckDBConnection.class).registerArrowStream(VIEW, stream);
      statement.execute(copy);
    } catch (SQLException | IOException | RuntimeException e) {
      throw new IOException(reason(e), e);
    }
  }

  /// An empty database, which fetches no extensions from anywhere.
  private static Connection open() throws SQLException {
    var settings = new Properties();
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    return new DuckDBDriver().connect("jdbc:duckdb:", settings);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /// A pattern that only this path matches.
  private static String literalGlob(String path) {
    return path.replaceAll("[*?\\[]", "[$0]");
  }

  /// The first line of what the database says, which may be wrapped.
  private static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage())
        .lines()
        .findFirst()
        .orElse("the database gave no reason");
  }
}
