package dev.vinery.parquet;

import dev.vinery.arrow.ArrowTable;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/// Names of columns, of which the database makes others where two are equal but for their case, or
/// one is empty: as in SQL, names have no case there.
final class ColumnNames {
  private ColumnNames() {}

  /// Reads what the columns of a file are called in the file.
  ///
  /// @param path of the file, quoted
  static List<String> read(Statement statement, String path) throws SQLException {
    String query = "SELECT name, num_children FROM parquet_schema(%s)".formatted(path);
    List<String> names = new ArrayList<>();
    try (ResultSet elements = statement.executeQuery(query)) {
      elements.next(); // the root, whose children are the columns
      long nested = 0; // how many of the next elements are parts of a column
      while (elements.next()) {
        if (nested == 0) {
          names.add(elements.getString(1));
        } else {
          nested--;
        }
        nested += elements.getLong(2);
      }
    }
    return names;
  }

  /// The table with other names of its columns.
  static ArrowTable restore(ArrowTable table, List<String> names, BufferAllocator memory) {
    Schema schema = table.schema();
    if (names.equals(schema.getFields().stream().map(Field::getName).toList())) {
      return table;
    }
    if (names.size() != table.columnCount()) {
      table.close();
      throw new IllegalArgumentException(
          "the file has %d columns and names %d".formatted(table.columnCount(), names.size()));
    }
    List<Field> fields = new ArrayList<>();
    for (Field field : schema.getFields()) {
      fields.add(new Field(names.get(fields.size()), field.getFieldType(), field.getChildren()));
    }
    var renamed = new Schema(fields, schema.getCustomMetadata());
    return ArrowTable.of(
        renamed, table.batches().stream().map(batch -> renamed(batch, renamed, memory)).toList());
  }

  private static VectorSchemaRoot renamed(
      VectorSchemaRoot batch, Schema schema, BufferAllocator memory) {
    List<FieldVector> vectors = new ArrayList<>();
    for (FieldVector vector : batch.getFieldVectors()) {
      var transfer = vector.getTransferPair(schema.getFields().get(vectors.size()), memory);
      transfer.transfer();
      vectors.add((FieldVector) transfer.getTo());
    }
    return new VectorSchemaRoot(schema, vectors, batch.getRowCount());
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
