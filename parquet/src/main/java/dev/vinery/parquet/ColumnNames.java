package dev.vinery.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/// Names of columns, of which the database makes others where two are equal but for their case, or
/// one is empty: as in SQL, names have no case there.
final class ColumnNames {
  private ColumnNames() {}

  /// Makes an empty batch like another, whose columns have the names in the file.
  ///
  /// @param names of the columns, in their order
  /// @return null if they have these names already
  static @Nullable VectorSchemaRoot restore(
      VectorSchemaRoot batch, List<String> names, BufferAllocator memory) {
    Schema schema = batch.getSchema();
    if (names.equals(schema.getFields().stream().map(Field::getName).toList())) {
      return null;
    }
    if (names.size() != schema.getFields().size()) {
      throw new IllegalArgumentException(
          "the file has %d columns and names %d"
              .formatted(schema.getFields().size(), names.size()));
    }
    List<Field> fields = new ArrayList<>();
    for (Field field : schema.getFields()) {
      fields.add(new Field(names.get(fields.size()), field.getFieldType(), field.getChildren()));
    }
    return VectorSchemaRoot.create(new Schema(fields, schema.getCustomMetadata()), memory);
  }

  /// Moves the rows of a batch into one that [#restore] has made of it.
  static void move(VectorSchemaRoot from, VectorSchemaRoot to) {
    for (int i = 0; i < to.getFieldVectors().size(); i++) {
      from.getVector(i).makeTransferPair(to.getVector(i)).transfer();
    }
    to.setRowCount(from.getRowCount());
  }

  /// @throws IOException if the database would change a name
  static void requireDistinct(Schema schema) throws IOException {
    Map<String, String> taken = new HashMap<>();
    for (Field field : schema.getFields()) {
      String name = field.getName();
      if (name.isEmpty()) {
        throw new IOException("a column has no name, which a Parquet file written here must have");
      }
      String other = taken.put(name.toLowerCase(Locale.ROOT), name);
      if (other != null) {
        throw new IOException(
            "columns '%s' and '%s' differ at most in case, which is too little in a Parquet file written here"
                .formatted(other, name));
      }
    }
  }
}
