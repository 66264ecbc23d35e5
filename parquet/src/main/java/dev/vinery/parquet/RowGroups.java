package dev.vinery.parquet;

import dev.vinery.arrow.RowRange;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// The groups of rows of a file, and how the database is told to read only some.
final class RowGroups {
  /// A column that the database adds, hidden, unless the file has one of this name.
  private static final String NUMBER = "file_row_number";

  private RowGroups() {}

  /// @param path of the file, quoted
  /// @return one for all rows, if the file has a column that hides their numbers
  static List<RowRange> read(Statement statement, String path) throws SQLException, IOException {
    if (FileSchema.columnNames(statement, path).stream().anyMatch(NUMBER::equalsIgnoreCase)) {
      return List.of(RowRange.ALL);
    }
    String query =
        "SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata(%s) ORDER BY 1"
            .formatted(path);
    List<RowRange> groups = new ArrayList<>();
    long from = 0;
    try (ResultSet found = statement.executeQuery(query)) {
      while (found.next()) {
        long to = from + found.getLong(2);
        groups.add(new RowRange(from, to));
        from = to;
      }
    }
    return groups;
  }

  /// What a query is ended with. The database passes over whole groups by it.
  static String condition(RowRange range) {
    return range.equals(RowRange.ALL)
        ? ""
        : " WHERE %1$s >= %2$d AND %1$s < %3$d".formatted(NUMBER, range.from(), range.to());
  }
}
