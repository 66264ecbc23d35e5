package dev.vinery.parquet;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBResultSet;

/// The rows of a query, batch by batch, with the database that it is put to. Confined to one thread
/// at a time.
final class QueryReader extends ArrowReader {
  private final Connection database;
  private final Statement statement;
  private final ArrowReader rows;

  /// Opens a database.
  interface Opener {
    Connection open() throws SQLException;
  }

  private QueryReader(
      Connection database, Statement statement, ArrowReader rows, BufferAllocator memory) {
    super(memory);
    this.database = database;
    this.statement = statement;
    this.rows = rows;
  }

  /// @throws IOException if the database refuses the query
  static QueryReader open(Opener opener, String query, BufferAllocator memory, int batchRows)
      throws IOException {
    Connection database = null;
    Statement statement = null;
    boolean opened = false;
    try {
      database = opener.open();
      statement = database.createStatement();
      var result = statement.executeQuery(query).unwrap(DuckDBResultSet.class);
      var rows = (ArrowReader) result.arrowExportStream(memory, batchRows);
      var reader = new QueryReader(database, statement, rows, memory);
      opened = true;
      return reader;
    } catch (SQLException | RuntimeException e) {
      throw new IOException(reason(e), e);
    } finally {
      if (!opened) {
        closeAll(statement, database);
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
    return rows.getVectorSchemaRoot();
  }

  @Override
  protected Schema readSchema() throws IOException {
    return rows.getVectorSchemaRoot().getSchema();
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    try {
      return rows.loadNextBatch();
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
    rows.close();
    closeAll(statement, database);
  }

  @Override
  protected void closeReadSource() {
    // See close().
  }

  private static void closeAll(
      @org.jspecify.annotations.Nullable Statement statement,
      @org.jspecify.annotations.Nullable Connection database)
      throws IOException {
    try {
      if (statement != null) {
        statement.close();
      }
      if (database != null) {
        database.close();
      }
    } catch (SQLException e) {
      throw new IOException(reason(e), e);
    }
  }
}
