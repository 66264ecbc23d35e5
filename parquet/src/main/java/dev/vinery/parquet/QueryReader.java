package dev.vinery.parquet;

import dev.vinery.arrow.RowRange;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/// The rows of a file, batch by batch, with the database that reads it. Confined to one thread at a
/// time.
final class QueryReader extends ArrowReader {
  private final Connection database;
  private final Statement statement;
  private final ArrowReader rows;

  /// The batch under the names that the columns have in the file; null if the database kept them.
  private final @Nullable VectorSchemaRoot renamed;

  /// Opens a database.
  interface Opener {
    Connection open() throws SQLException;
  }

  private QueryReader(
      Connection database,
      Statement statement,
      ArrowReader rows,
      @Nullable VectorSchemaRoot renamed,
      BufferAllocator memory) {
    super(memory);
    this.database = database;
    this.statement = statement;
    this.rows = rows;
    this.renamed = renamed;
  }

  /// @param path of the file, quoted
  /// @throws IOException if the database cannot read the file
  static QueryReader open(
      Opener opener, String path, RowRange range, BufferAllocator memory, int batchRows)
      throws IOException {
    Connection database = null;
    Statement statement = null;
    ArrowReader rows = null;
    boolean opened = false;
    try {
      database = opener.open();
      statement = database.createStatement();
      List<String> names = FileSchema.columnNames(statement, path);
      String query =
          "SELECT * FROM read_parquet(%s, hive_partitioning = false)%s"
              .formatted(path, RowGroups.condition(range));
      var result = statement.executeQuery(query).unwrap(DuckDBResultSet.class);
      rows = (ArrowReader) result.arrowExportStream(memory, batchRows);
      var renamed = ColumnNames.restore(rows.getVectorSchemaRoot(), names, memory);
      var reader = new QueryReader(database, statement, rows, renamed, memory);
      opened = true;
      return reader;
    } catch (SQLException | IOException | RuntimeException e) {
      throw new IOException(reason(e), e);
    } finally {
      if (!opened) {
        closeAll(rows, statement, database);
      }
    }
  }

  /// The first line of what the database says, which may be wrapped.
  static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage())
        .lines()
        .findFirst()
        .orElse("the database gave no reason");
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
    return renamed == null ? rows.getVectorSchemaRoot() : renamed;
  }

  @Override
  protected Schema readSchema() throws IOException {
    return getVectorSchemaRoot().getSchema();
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    try {
      boolean loaded = rows.loadNextBatch();
      if (loaded && renamed != null) {
        ColumnNames.move(rows.getVectorSchemaRoot(), renamed);
      }
      return loaded;
    } catch (IOException | RuntimeException e) {
      throw new IOException(reason(e), e);
    }
  }

  @Override
  public long bytesRead() {
    return rows.bytesRead();
  }

  @Override
  public void close() throws IOException {
    if (renamed != null) {
      renamed.close();
    }
    closeAll(rows, statement, database);
  }

  @Override
  protected void closeReadSource() {
    // See close().
  }

  private static void closeAll(
      @Nullable ArrowReader rows, @Nullable Statement statement, @Nullable Connection database)
      throws IOException {
    try (database;
        statement;
        rows) {
      // Closed in this order from right to left.
    } catch (SQLException e) {
      throw new IOException(reason(e), e);
    }
  }
}
