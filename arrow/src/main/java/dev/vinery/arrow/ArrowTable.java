package dev.vinery.arrow;

import dev.vinery.types.DataFrame;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/// A table in batches of rows that have one schema. Immutable, as long as nobody changes its
/// vectors.
///
/// One that was got is a view over shared memory, and read-only: Arrow Java does not check that, so
/// writing to its vectors ends the process. It is valid until it is closed; then its vectors are
/// empty, and reading them throws an `IndexOutOfBoundsException`. If it is forgotten, the garbage
/// collector gives its memory back.
///
/// Source: type name `vineyard::Table`, fields as the official Python client writes them.
public final class ArrowTable implements AutoCloseable {
  private final Schema schema;
  private final List<VectorSchemaRoot> batches;
  private final boolean polars;

  ArrowTable(Schema schema, List<VectorSchemaRoot> batches, boolean polars) {
    this.schema = schema;
    this.batches = List.copyOf(batches);
    this.polars = polars;
  }

  /// A table of batches, which it closes with itself.
  ///
  /// @throws IllegalArgumentException if a batch has other fields than the schema
  public static ArrowTable of(Schema schema, List<VectorSchemaRoot> batches) {
    for (VectorSchemaRoot batch : batches) {
      if (!batch.getSchema().getFields().equals(schema.getFields())) {
        throw new IllegalArgumentException(
            "a batch has the fields " + batch.getSchema() + " where the table has " + schema);
      }
    }
    return new ArrowTable(schema, batches, false);
  }

  /// A table of one batch, which it closes with itself.
  public static ArrowTable of(VectorSchemaRoot batch) {
    return new ArrowTable(batch.getSchema(), List.of(batch), false);
  }

  /// A table of one batch with the columns of a frame, copied. Labels of rows are left out; see
  /// [DataFrame#labelsAsColumn].
  ///
  /// Numbers and times keep their type and strings become large ones; sparse columns become dense
  /// ones of `float64`. What a [dev.vinery.types.Column] takes for missing is missing. Needs
  /// `java.nio` of `java.base` opened to Arrow.
  ///
  /// @param memory where the table will lie
  /// @throws IllegalArgumentException if a column has no form in Arrow; the message names it
  public static ArrowTable copyOf(DataFrame frame, BufferAllocator memory) {
    return of(FrameVectors.batch(frame, memory));
  }

  /// The same table, which Python gets as a frame of Polars.
  public ArrowTable asPolars() {
    return new ArrowTable(schema, batches, true);
  }

  /// Whether Python gets a frame of Polars, as it does if it has put one.
  public boolean isPolars() {
    return polars;
  }

  public Schema schema() {
    return schema;
  }

  /// The batches in order. They belong to this table.
  public List<VectorSchemaRoot> batches() {
    return batches;
  }

  public long rowCount() {
    return batches.stream().mapToLong(VectorSchemaRoot::getRowCount).sum();
  }

  public int columnCount() {
    return schema.getFields().size();
  }

  /// What the vectors are accounted to; of a table without any, that of [ArrowMemory#views].
  public BufferAllocator allocator() {
    return batches.stream()
        .flatMap(batch -> batch.getFieldVectors().stream())
        .filter(vector -> !(vector instanceof NullVector)) // which has none
        .map(FieldVector::getAllocator)
        .findFirst()
        .orElseGet(ArrowMemory::views);
  }

  /// Makes sure that the table can be put.
  ///
  /// @throws IllegalArgumentException if a column has no layout; the message names it
  public void requireLayouts() {
    schema.getFields().forEach(VectorDrafts::requireLayout);
  }

  /// A column over all batches, whose chunks belong to this table.
  ///
  /// @param index from 0 to [#columnCount()] - 1
  /// @throws NoSuchElementException if the table has no batch, and so no vector
  public ChunkedVector column(int index) {
    if (batches.isEmpty()) {
      throw new NoSuchElementException("the table has no batch");
    }
    return new ChunkedVector(batches.stream().map(batch -> batch.getVector(index)).toList());
  }

  /// The first column of this name, over all batches.
  ///
  /// @throws NoSuchElementException if there is no such column, or no batch
  public ChunkedVector column(String name) {
    List<Field> fields = schema.getFields();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).getName().equals(name)) {
        return column(i);
      }
    }
    throw new NoSuchElementException(
        "there is no column '%s', only %s"
            .formatted(name, fields.stream().map(Field::getName).toList()));
  }

  /// Prints names, types and rows.
  ///
  /// @param maxRows rows to show from the top; of the others there is only the number
  public String toString(long maxRows) {
    return ArrowText.print(this, maxRows);
  }

  @Override
  public String toString() {
    return toString(ArrowText.DEFAULT_ROWS);
  }

  /// Gives the memory of all batches back. Closing twice is fine.
  @Override
  public void close() {
    batches.forEach(VectorSchemaRoot::close);
  }
}
