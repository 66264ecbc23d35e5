package dev.vinery.parquet;

import dev.vinery.arrow.RowRange;
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

/// Parquet files, read and written by DuckDB. Safe for use by several threads; each call has a
/// database of its own, in memory and empty.
///
/// The process needs native access for `duckdb.jdbc` and `org.apache.arrow.c`, and `java.nio` of
/// `java.base` opened to `org.apache.arrow.memory.core`.
public final class ParquetFormat implements TableFormat {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

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

  @Override
  public ArrowReader open(Path file, BufferAllocator memory, int batchRows, RowRange rows)
      throws IOException {
    return QueryReader.open(ParquetFormat::open, path(file), rows, memory, batchRows);
  }

  /// {@inheritDoc}
  ///
  /// These are the file's row groups; those that hold none of the rows that are asked for are not
  /// read.
  @Override
  public List<RowRange> groups(Path file) throws IOException {
    String path = path(file);
    try (Connection database = open();
        Statement statement = database.createStatement()) {
      return RowGroups.read(statement, path);
    } catch (SQLException e) {
      throw new IOException(QueryReader.reason(e), e);
    }
  }

  /// The path as the database wants it.
  private static String path(Path file) throws IOException {
    if (!Arrays.equals(start(file), MAGIC)) {
      throw new IOException("it is no Parquet file: it begins otherwise");
    }
    return quoted(literalGlob(file.toAbsolutePath().toString()));
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
  public void write(ArrowReader batches, BufferAllocator memory, Path file) throws IOException {
    ColumnNames.requireDistinct(batches.getVectorSchemaRoot().getSchema());
    String copy =
        "COPY (SELECT * FROM %s) TO %s (FORMAT parquet, COMPRESSION zstd)"
            .formatted(VIEW, quoted(file.toAbsolutePath().toString()));
    try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(memory);
        Connection database = open();
        Statement statement = database.createStatement()) {
      Data.exportArrayStream(memory, new Borrowed(batches, memory), stream);
      database.unwrap(DuckDBConnection.class).registerArrowStream(VIEW, stream);
      statement.execute(copy);
    } catch (SQLException | RuntimeException e) {
      throw new IOException(QueryReader.reason(e), e);
    }
  }

  /// An empty database, which fetches no extensions from anywhere.
  private static Connection open() throws SQLException {
    var settings = new Properties();
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true"); // never the whole table
    Connection database = new DuckDBDriver().connect("jdbc:duckdb:", settings);
    try (Statement statement = database.createStatement()) {
      statement.execute(UTC);
    }
    return database;
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /// A pattern that only this path matches.
  private static String literalGlob(String path) {
    return path.replaceAll("[*?\\[]", "[$0]");
  }
}
