package dev.vinery.orc;

import dev.vinery.arrow.RowRange;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;
import org.jspecify.annotations.Nullable;

/// Rows of a file of ORC, batch by batch. Confined to one thread at a time.
final class OrcRows extends ArrowReader {
  /// Rows that the library reads at once.
  private static final int STEP_ROWS = 1024;

  private final Reader file;
  private final RecordReader rows;
  private final Schema schema;
  private final VectorizedRowBatch step;
  private final int batchRows;
  private long left;

  private OrcRows(
      Reader file,
      RecordReader rows,
      Schema schema,
      RowRange range,
      BufferAllocator memory,
      int batchRows) {
    super(memory);
    this.file = file;
    this.rows = rows;
    this.schema = schema;
    this.step = file.getSchema().createRowBatch(Math.min(batchRows, STEP_ROWS));
    this.batchRows = batchRows;
    this.left = range.to() - range.from();
  }

  /// @param file closed with the result, and at once if this fails
  /// @param range within the file
  static OrcRows open(Reader file, RowRange range, BufferAllocator memory, int batchRows)
      throws IOException {
    @Nullable RecordReader rows = null;
    boolean opened = false;
    try {
      Schema schema = OrcTypes.toArrow(file.getSchema());
      rows = file.rows();
      if (range.from() > 0 && range.from() < file.getNumberOfRows()) {
        rows.seekToRow(range.from());
      }
      var opening = new OrcRows(file, rows, schema, range, memory, batchRows);
      opened = true;
      return opening;
    } finally {
      if (!opened) {
        close(file, rows);
      }
    }
  }

  private static void close(Reader file, @Nullable RecordReader rows) throws IOException {
    try (file;
        rows) {
      // Closed in this order from right to left.
    }
  }

  @Override
  protected Schema readSchema() {
    return schema;
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    prepareLoadNextBatch();
    VectorSchemaRoot root = getVectorSchemaRoot();
    for (FieldVector vector : root.getFieldVectors()) {
      vector.clear();
      vector.setInitialCapacity(Math.clamp(left, 1, batchRows));
      vector.allocateNew();
    }
    int count = 0;
    try {
      while (left > 0 && count + step.getMaxSize() <= batchRows && rows.nextBatch(step)) {
        int some = (int) Math.min(left, step.size);
        append(root.getFieldVectors(), some, count);
        count += some;
        left -= some;
      }
    } catch (ArithmeticException e) {
      throw new IOException("a time is not between the years 1677 and 2262", e);
    }
    root.setRowCount(count);
    return count > 0;
  }

  private void append(List<FieldVector> vectors, int count, int begin) {
    for (int column = 0; column < vectors.size(); column++) {
      ColumnVector from = step.cols[column];
      FieldVector to = vectors.get(column);
      for (int row = 0; row < count; row++) {
        OrcColumns.copy(from, row, to, begin + row);
      }
    }
  }

  @Override
  public long bytesRead() {
    return 0; // the library does not tell
  }

  @Override
  protected void closeReadSource() throws IOException {
    close(file, rows);
  }
}
