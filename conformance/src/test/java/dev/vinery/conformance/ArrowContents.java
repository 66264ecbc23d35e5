package dev.vinery.conformance;

import dev.vinery.arrow.ArrowTable;
import dev.vinery.arrow.ArrowText;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/// What Arrow values hold, in a form that can be compared: types and elements as text, without what
/// storing changes, the width of offsets.
final class ArrowContents {
  private ArrowContents() {}

  /// A list that is equal for equal values: of a vector its type and elements; of tables also the
  /// names, the metadata, and whether they are of Polars.
  static Object of(Object value) {
    return switch (value) {
      case FieldVector vector -> column(table(vector), 0);
      case VectorSchemaRoot batch -> List.of(of(batch.getSchema()), columns(table(batch)));
      case ArrowTable table ->
          List.of(of(table.schema()), columns(table), table.isPolars() ? "Polars" : "Arrow");
      case Schema schema -> List.of(fields(schema), schema.getCustomMetadata());
      default -> List.of("no Arrow value", value);
    };
  }

  /// The same of a value that is closed then.
  static Object closing(Object value) {
    if (value instanceof Schema) {
      return of(value);
    }
    try (ArrowTable _ = table(value)) {
      return of(value);
    }
  }

  private static List<String> fields(Schema schema) {
    return schema.getFields().stream().map(field -> field.getName() + " " + type(field)).toList();
  }

  private static String type(Field field) {
    return ArrowText.type(field).replace("large_", "");
  }

  static ArrowTable table(Object value) {
    return switch (value) {
      case ArrowTable table -> table;
      case VectorSchemaRoot batch -> ArrowTable.of(batch);
      case FieldVector vector -> ArrowTable.of(VectorSchemaRoot.of(vector));
      default -> throw new AssertionError("no Arrow value: " + value);
    };
  }

  /// For each column its type and its elements.
  static List<List<String>> columns(ArrowTable table) {
    List<List<String>> columns = new ArrayList<>();
    for (int i = 0; i < table.columnCount(); i++) {
      columns.add(column(table, i));
    }
    return columns;
  }

  static List<String> column(ArrowTable table, int index) {
    List<String> column = new ArrayList<>();
    column.add(type(table.schema().getFields().get(index)));
    for (VectorSchemaRoot batch : table.batches()) {
      FieldVector vector = batch.getVector(index);
      for (int row = 0; row < batch.getRowCount(); row++) {
        column.add(ArrowText.element(vector, row));
      }
    }
    return column;
  }
}
