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
      return new BatchDrafts(drafts, SchemaCodec.draft(value.getSchema())).batch(value).draft();
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
      List<VectorDrafts.Array> batches = batches(value, new BatchDrafts(drafts, schema));
      var draft =
          Draft.object("vineyard::Table")
              .put("num_rows_", value.rowCount())
              .put("num_columns_", value.schema().getFields().size())
              .put("batch_num_", batches.size())
              .put(TableResolvers.PARTITIONS, batches.size())
              .member(TableResolvers.SCHEMA, schema);
      if (value.isPolars()) {
        draft.put(TableResolvers.FROM_POLARS, true);
      }
      long sizeBytes = 0;
      for (int i = 0; i < batches.size(); i++) {
        draft.member(TableResolvers.PARTITION + i, batches.get(i).draft());
        sizeBytes += batches.get(i).sizeBytes();
      }
      return draft.put(Metadata.SIZE_BYTES, sizeBytes).build();
    }

    /// At least one, because Python reads no table without a batch.
    private static List<VectorDrafts.Array> batches(ArrowTable table, BatchDrafts drafts) {
      if (!table.batches().isEmpty()) {
        return drafts.all(table.batches());
      }
      try (var empty = VectorSchemaRoot.create(table.schema(), ArrowMemory.views())) {
        return List.of(drafts.batch(empty));
      }
    }
  }
}
