package dev.vinery.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/// The batches of a reader that stays open when whoever it is lent to closes this one. Durations
/// are plain numbers of their units, over the same memory: the database would make milliseconds of
/// them. Confined to one thread at a time.
final class Borrowed extends ArrowReader {
  private final ArrowReader lender;
  private final VectorSchemaRoot batch;
  private final List<BigIntVector> durations = new ArrayList<>();

  /// @throws IOException if a column has durations within lists
  Borrowed(ArrowReader lender, BufferAllocator memory) throws IOException {
    super(memory);
    this.lender = lender;
    List<FieldVector> vectors = new ArrayList<>();
    for (FieldVector vector : lender.getVectorSchemaRoot().getFieldVectors()) {
      vectors.add(vector instanceof DurationVector ? numbers(vector) : vector);
      requireNoDurations(vector.getField().getChildren(), vector.getName());
    }
    List<Field> fields = vectors.stream().map(FieldVector::getField).toList();
    var metadata = lender.getVectorSchemaRoot().getSchema().getCustomMetadata();
    this.batch = new VectorSchemaRoot(new Schema(fields, metadata), vectors, 0);
  }

  private BigIntVector numbers(FieldVector vector) {
    Field field = vector.getField();
    var type = new FieldType(field.isNullable(), new ArrowType.Int(64, true), null);
    var numbers =
        new BigIntVector(new Field(field.getName(), type, List.of()), vector.getAllocator());
    durations.add(numbers);
    return numbers;
  }

  private static void requireNoDurations(List<Field> fields, String column) throws IOException {
    for (Field field : fields) {
      if (field.getType() instanceof ArrowType.Duration) {
        throw new IOException(
            "column '%s' holds lists of durations, which a Parquet file written here cannot have"
                .formatted(column));
      }
      requireNoDurations(field.getChildren(), column);
    }
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() {
    return batch;
  }

  @Override
  protected Schema readSchema() {
    return batch.getSchema();
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    if (!lender.loadNextBatch()) {
      return false;
    }
    VectorSchemaRoot lent = lender.getVectorSchemaRoot();
    for (int i = 0; i < batch.getFieldVectors().size(); i++) {
      FieldVector vector = lent.getVector(i);
      if (vector instanceof DurationVector) {
        var node = new ArrowFieldNode(vector.getValueCount(), vector.getNullCount());
        batch.getVector(i).loadFieldBuffers(node, vector.getFieldBuffers());
      }
    }
    batch.setRowCount(lent.getRowCount());
    return true;
  }

  @Override
  public long bytesRead() {
    return lender.bytesRead();
  }

  @Override
  public void close() {
    durations.forEach(BigIntVector::close); // all else belongs to the lender
  }

  @Override
  protected void closeReadSource() {
    // See close().
  }
}
