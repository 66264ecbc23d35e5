package dev.vinery.io;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the columns of a file are. Immutable.
///
/// @param fileColumns how many fields a row has
/// @param columns that are read, in order
record CsvSchema(int fileColumns, List<Column> columns) {
  /// A column that is read.
  ///
  /// @param index among the fields of a row, from 0
  record Column(int index, String name, CsvType type) {}

  CsvSchema {
    columns = List.copyOf(columns);
  }

  /// Which fields of a row are read, and under which names; the types are not known yet.
  ///
  /// @param names of all fields, if there is a header
  /// @throws IllegalArgumentException if a column is selected that there is not
  static List<Column> select(CsvSettings settings, List<String> names) {
    List<Column> columns = new ArrayList<>();
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < settings.selected().size(); i++) {
      String wanted = settings.selected().get(i);
      int index = index(wanted, i, settings, names);
      if (index < 0 || index >= names.size()) {
        throw new IllegalArgumentException(
            "there is no column '%s', only %s".formatted(wanted, names));
      }
      taken.add(index);
      boolean named = settings.header() || settings.firstHeader() || isNumber(wanted);
      columns.add(new Column(index, named ? names.get(index) : wanted, CsvType.TEXT));
    }
    if (settings.selected().isEmpty() || settings.others()) {
      for (int i = 0; i < names.size(); i++) {
        if (!taken.contains(i)) {
          columns.add(new Column(i, names.get(i), CsvType.TEXT));
        }
      }
    }
    if (settings.types().size() > columns.size()) {
      throw new IllegalArgumentException(
          "option 'column_types' names %d types for %d columns"
              .formatted(settings.types().size(), columns.size()));
    }
    return columns;
  }

  private static int index(String wanted, int position, CsvSettings settings, List<String> names) {
    int index = names.indexOf(wanted);
    if (index >= 0) {
      return index;
    }
    if (isNumber(wanted)) {
      return Integer.parseInt(wanted);
    }
    return settings.header() || settings.firstHeader() ? -1 : position;
  }

  private static boolean isNumber(String text) {
    return text.matches("[0-9]{1,9}");
  }
}
