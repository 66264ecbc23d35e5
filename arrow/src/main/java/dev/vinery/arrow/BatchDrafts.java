package dev.vinery.arrow;

import dev.vinery.client.Draft;
import dev.vinery.protocol.Metadata;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/// Says how the batches of a table are stored. Confined to one thread.
///
/// Small batches that follow each other share the blobs of their columns, in which each array has
/// an offset: a blob takes the daemon and the client longer than a few values, and so a table of
/// very many batches is made of few blobs. Batches that lie in blobs already stay where they are.
///
/// @param schema shared by all batches
record BatchDrafts(VectorDrafts drafts, Draft schema) {
  /// Bytes of a batch that has blobs of its own.
  private static final long LARGE_BATCH_BYTES = 64 << 10;

  /// Bytes of batches that share their blobs.
  private static final long SHARED_BYTES_MAX = 16 << 20;

  VectorDrafts.Array batch(VectorSchemaRoot batch) {
    return together(List.of(batch)).getFirst();
  }

  List<VectorDrafts.Array> all(List<VectorSchemaRoot> batches) {
    List<VectorDrafts.Array> arrays = new ArrayList<>(batches.size());
    int from = 0;
    while (from < batches.size()) {
      int to = endOfGroup(batches, from);
      arrays.addAll(together(batches.subList(from, to)));
      from = to;
    }
    return arrays;
  }

  /// Behind the last batch that shares its blobs with that at `from`.
  private int endOfGroup(List<VectorSchemaRoot> batches, int from) {
    long sharedBytes = 0;
    int to = from;
    while (to < batches.size()) {
      long sizeBytes = sizeBytes(batches.get(to));
      boolean alone = sizeBytes >= LARGE_BATCH_BYTES || isStored(batches.get(to));
      if (alone || sharedBytes + sizeBytes > SHARED_BYTES_MAX) {
        break;
      }
      sharedBytes += sizeBytes;
      to++;
    }
    return Math.max(to, from + 1);
  }

  private static long sizeBytes(VectorSchemaRoot batch) {
    long sizeBytes = 0;
    for (FieldVector column : batch.getFieldVectors()) {
      sizeBytes += column.getBufferSize();
    }
    return sizeBytes;
  }

  private boolean isStored(VectorSchemaRoot batch) {
    return batch.getFieldVectors().stream().anyMatch(drafts::isStored);
  }

  private List<VectorDrafts.Array> together(List<VectorSchemaRoot> batches) {
    for (VectorSchemaRoot batch : batches) { // before any blob of them is sealed
      batch.getFieldVectors().forEach(column -> requireColumn(column, batch));
    }
    int columnCount = batches.getFirst().getFieldVectors().size();
    List<List<VectorDrafts.Array>> columns = new ArrayList<>(columnCount);
    for (int i = 0; i < columnCount; i++) {
      int index = i;
      columns.add(drafts.chunks(batches.stream().map(batch -> batch.getVector(index)).toList()));
    }
    List<VectorDrafts.Array> arrays = new ArrayList<>(batches.size());
    for (int i = 0; i < batches.size(); i++) {
      int index = i;
      int rows = batches.get(i).getRowCount();
      arrays.add(draft(rows, columns.stream().map(column -> column.get(index)).toList()));
    }
    return arrays;
  }

  private static void requireColumn(FieldVector column, VectorSchemaRoot batch) {
    if (column.getValueCount() != batch.getRowCount()) {
      throw new IllegalArgumentException(
          "column '%s' has %d rows where the batch has %d: set its row count first"
              .formatted(column.getName(), column.getValueCount(), batch.getRowCount()));
    }
    VectorDrafts.requireLayout(column.getField());
  }

  private VectorDrafts.Array draft(int rows, List<VectorDrafts.Array> columns) {
    var draft =
        Draft.object("vineyard::RecordBatch")
            .put(TableResolvers.ROWS, rows)
            .put("column_num_", columns.size())
            .put(TableResolvers.COLUMNS, columns.size())
            .member(TableResolvers.SCHEMA, schema);
    long sizeBytes = 0;
    for (int i = 0; i < columns.size(); i++) {
      draft.member(TableResolvers.COLUMN + i, columns.get(i).draft());
      sizeBytes += columns.get(i).sizeBytes();
    }
    return new VectorDrafts.Array(draft.put(Metadata.SIZE_BYTES, sizeBytes).build(), sizeBytes);
  }
}
