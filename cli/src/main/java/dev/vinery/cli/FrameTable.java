package dev.vinery.cli;

import dev.vinery.types.DataFrame;
import dev.vinery.types.ObjectTensor;
import dev.vinery.types.Strings;
import java.util.ArrayList;
import java.util.List;

/// Data frames as people read them.
final class FrameTable {
  private FrameTable() {}

  /// Prints names and types of the columns, the first rows, and how many rows there are.
  static void print(DataFrame frame, long maxRows, Console console) {
    List<TextTable.Column> headings = new ArrayList<>();
    List<String> types = new ArrayList<>();
    headings.add(TextTable.Column.number(""));
    types.add(frame.indexName().orElse(""));
    frame
        .columns()
        .forEach((name, column) -> {
          headings.add(
              !(column instanceof Strings || column instanceof ObjectTensor)
                  ? TextTable.Column.number(name)
                  : TextTable.Column.text(name));
          types.add(column.elementName());
        });
    var table = new TextTable(headings).row(types);
    long shown = Math.min(maxRows, frame.rowCount());
    for (long row = 0; row < shown; row++) {
      table.row(cells(frame, row));
    }
    table.print(console.out(), console.columns());
    console.out().println(size(frame, shown));
  }

  private static List<String> cells(DataFrame frame, long row) {
    List<String> cells = new ArrayList<>();
    cells.add(frame.index().map(index -> index.format(row)).orElse(Long.toString(row)));
    frame.columns().values().forEach(column -> cells.add(column.formatRow(row)));
    return cells;
  }

  private static String size(DataFrame frame, long shown) {
    String size = "%d rows x %d columns".formatted(frame.rowCount(), frame.columnCount());
    return shown == frame.rowCount()
        ? "[" + size + "]"
        : "[" + size + ", the first " + shown + " shown]";
  }
}
