package dev.vinery.arrow;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.protocol.Metadata;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/// Builders of Arrow values.
final class ArrowBuilders {
  private ArrowBuilders() {}

  /// Any vector, as an array.
  public record OfVector(VectorDrafts drafts) implements Builder<FieldVector> {
    /// For the service loader.
    public OfVector() {
      this(new VectorDrafts(StoredBlobs.NONE));
    }

    @Override
    public Class<FieldVector> type() {
      return FieldVector.class;
    }

    @Override
    public Draft draft(FieldVector value, Function<Object, Draft> others) {
      return drafts.array(List.of(value)).draft();
    }
  }

  /// Chunks, as one array: there is no stored type for several.
  public record OfChunks(VectorDrafts drafts) implements Builder<ChunkedVector> {
    /// For the service loader.
    public OfChunks() {
      this(new VectorDrafts(StoredBlobs.NONE));
    }

    @Override
    public Class<ChunkedVector> type() {
      return ChunkedVector.class;
    }

    @Override
    public Draft draft(ChunkedVector value, Function<Object, Draft> others) {
      return drafts.array(value.chunks()).draft();
    }
  }

  /// Schemas.
  public static final class OfSchema implements Builder<Schema> {
    @Override
    public Class<Schema> type() {
      return Schema.class;
    }

    @Override
    public Draft draft(Schema value, Function<Object, Draft> others) {
      return SchemaCodec.draft(value);
    }
  }

  /// One batch of rows.
  public record OfBatch(VectorDrafts drafts) implements Builder<VectorSchemaRoot> {
    /// For the service loader.
    public OfBatch() {
      this(new VectorDrafts(StoredBlobs.NONE));
    }

    @Override
    public Class<VectorSchemaRoot> type() {
      return VectorSchemaRoot.class;
    }

    @Override
    public Draft draft(VectorSchemaRoot value, Function<Object, Draft> others) {
      return batch(drafts, value, SchemaCodec.draft(value.getSchema())).draft();
    }
  }

  /// Tables.
  public record OfTable(VectorDrafts drafts) implements Builder<ArrowTable> {
    /// For the service loader.
    public OfTable() {
      this(new VectorDrafts(StoredBlobs.NONE));
    }

    @Override
    public Class<ArrowTable> type() {
      return ArrowTable.class;
    }

    @Override
    public Draft draft(ArrowTable value, Function<Object, Draft> others) {
      Draft schema = SchemaCodec.draft(value.schema());
      int batches = value.batches().size();
      var draft =
          Draft.object("vineyard::Table")
              .put("num_rows_", value.rowCount())
              .put("num_columns_", value.schema().getFields().size())
              .put("batch_num_", batches)
              .put(TableResolvers.PARTITIONS, batches)
              .member(TableResolvers.SCHEMA, schema);
      if (value.isPolars()) {
        draft.put(TableResolvers.FROM_POLARS, true);
      }
      long sizeBytes = 0;
      for (int i = 0; i < batches; i++) {
        VectorDrafts.Array batch = batch(drafts, value.batches().get(i), schema);
        draft.member(TableResolvers.PARTITION + i, batch.draft());
        sizeBytes += batch.sizeBytes();
      }
      return draft.put(Metadata.SIZE_BYTES, sizeBytes).build();
    }
  }

  /// @param schema shared by all batches of a table
  private static VectorDrafts.Array batch(
      VectorDrafts drafts, VectorSchemaRoot batch, Draft schema) {
    List<FieldVector> columns = batch.getFieldVectors();
    columns.forEach(column -> requireColumn(column, batch)); // before any blob of them is sealed
    var draft =
        Draft.object("vineyard::RecordBatch")
            .put(TableResolvers.ROWS, batch.getRowCount())
            .put("column_num_", columns.size())
            .put(TableResolvers.COLUMNS, columns.size())
            .member(TableResolvers.SCHEMA, schema);
    long sizeBytes = 0;
    for (int i = 0; i < columns.size(); i++) {
      VectorDrafts.Array array = drafts.array(List.of(columns.get(i)));
      draft.member(TableResolvers.COLUMN + i, array.draft());
      sizeBytes += array.sizeBytes();
    }
    return new VectorDrafts.Array(draft.put(Metadata.SIZE_BYTES, sizeBytes).build(), sizeBytes);
  }

  private static void requireColumn(FieldVector column, VectorSchemaRoot batch) {
    if (column.getValueCount() != batch.getRowCount()) {
      throw new IllegalArgumentException(
          "column '%s' has %d rows where the batch has %d: set its row count first"
              .formatted(column.getName(), column.getValueCount(), batch.getRowCount()));
    }
    VectorDrafts.requireLayout(column.getField());
  }
}
