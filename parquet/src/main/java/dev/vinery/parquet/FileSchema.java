package dev.vinery.parquet;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a file says of its columns, which the database does not tell in full.
final class FileSchema {
  /// How the database prints times of day in nanoseconds whose zone is UTC. It reads them as times
  /// with a zone, which have microseconds; those without a zone keep all digits.
  private static final String ZONED_TIME = "TimeType(isAdjustedToUTC=1";

  private static final String NANOSECONDS = "NANOS=NanoSeconds";

  private FileSchema() {}

  /// Reads what the columns of a file are called in the file.
  ///
  /// @param path of the file, quoted
  /// @throws IOException if the database would drop digits of a column without a word
  static List<String> columnNames(Statement statement, String path)
      throws SQLException, IOException {
    String query =
        "SELECT name, num_children, logical_type FROM parquet_schema(%s)".formatted(path);
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
        requireKept(names.getLast(), elements.getString(3));
      }
    }
    return names;
  }

  private static void requireKept(String column, @Nullable String logicalType) throws IOException {
    if (logicalType != null
        && logicalType.startsWith(ZONED_TIME)
        && logicalType.contains(NANOSECONDS)) {
      throw new IOException(
          "column '%s' holds times of day in nanoseconds, of which only microseconds can be read here: write them as such"
              .formatted(column));
    }
  }
}
