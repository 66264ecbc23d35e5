package dev.vinery.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/// Rows of one or several files of CSV. Immutable.
///
/// A block of text is looked through once for where its fields are, and then read column by column.
/// It is so short that both happen within the processor's cache.
///
/// @param slices in order
/// @param names of all columns of the files
record CsvPart(List<Slice> slices, CsvSchema schema, List<String> names, CsvDialect dialect)
    implements BatchPart {
  /// Rows of a file that begin between two places.
  ///
  /// @param from in bytes of the text
  /// @param to in bytes of the text
  record Slice(CsvFile file, long from, long to) {}

  CsvPart {
    slices = List.copyOf(slices);
    names = List.copyOf(names);
  }

  @Override
  public void read(BatchSink sink) throws IOException {
    var batch = new Batch(sink);
    try {
      for (Slice slice : slices) {
        read(slice, batch);
      }
      batch.end();
    } finally {
      batch.close();
    }
  }

  private void read(Slice slice, Batch batch) throws IOException {
    CsvFile file = slice.file();
    try (TextBlocks blocks = file.blocks(slice.from(), slice.to(), names, batch.sink::advance)) {
      var block = new TextBlock();
      var rows = new CsvRows(dialect, schema.fileColumns(), file.text().name());
      List<CsvColumn> columns = batch.columns(file.text().name());
      while (blocks.next(block)) {
        rows.read(block);
        for (CsvColumn column : columns) {
          column.append(block, rows);
        }
        batch.added(block.length(), rows.rows());
      }
    } catch (BadRowException e) {
      throw file.located(e);
    } catch (IOException e) {
      throw Failures.in(file.text().name(), e);
    }
  }

  /// The rows that were read and not yet written. Confined to the thread of the part.
  private final class Batch implements AutoCloseable {
    private final BatchSink sink;
    private List<CsvColumn> columns = List.of();
    private int rows;
    private long textBytes;
    private boolean anyWritten;

    private Batch(BatchSink sink) {
      this.sink = sink;
    }

    /// Columns that read from a file, which all messages name.
    private List<CsvColumn> columns(String fileName) throws IOException {
      flush();
      close();
      columns = new ArrayList<>();
      for (CsvSchema.Column column : schema.columns()) {
        columns.add(
            CsvColumn.of(
                column.type(), new CsvField(column.index(), column.name(), fileName, dialect)));
      }
      return columns;
    }

    private void added(int addedBytes, int addedRows) throws IOException {
      rows += addedRows;
      textBytes += addedBytes;
      if (textBytes >= sink.batchBytes()) {
        flush();
      }
    }

    private void flush() throws IOException {
      if (rows > 0) {
        write();
      }
    }

    private void write() throws IOException {
      List<FieldVector> vectors = new ArrayList<>();
      for (CsvColumn column : columns) {
        vectors.add(column.vector(sink.allocator()));
      }
      try (var root = new VectorSchemaRoot(vectors)) {
        root.setRowCount(rows);
        sink.write(root);
      }
      columns.forEach(CsvColumn::clear);
      rows = 0;
      textBytes = 0;
      anyWritten = true;
    }

    /// Writes what is left; nothing at all, too, because a batch tells what the columns are.
    private void end() throws IOException {
      flush();
      if (!anyWritten) {
        columns("");
        write();
      }
    }

    @Override
    public void close() {
      columns.forEach(CsvColumn::close);
      columns = List.of();
    }
  }
}
