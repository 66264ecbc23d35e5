package dev.vinery.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows that are printed with their columns aligned. Confined to one thread.
///
/// Where a line would be longer than the terminal is wide, the widest columns of text give way.
final class TextTable {
  private static final String GAP = "  ";

  /// A column gives way to others down to this width.
  private static final int MIN_COLUMNS = 8;

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /// One column: its heading, at which side its texts are flush, and whether they may be cut.
  record Column(String heading, boolean right, boolean cut) {
    static Column text(String heading) {
      return new Column(heading, false, true);
    }

    static Column number(String heading) {
      return new Column(heading, true, false);
    }

    /// Of texts that are worth nothing if something is missing.
    static Column whole(String heading) {
      return new Column(heading, false, false);
    }
  }

  TextTable(Column... columns) {
    this(List.of(columns));
  }

  TextTable(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  TextTable row(String... cells) {
    return row(List.of(cells));
  }

  /// @param cells as many as there are columns
  TextTable row(List<String> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          cells.size() + " cells for " + columns.size() + " columns");
    }
    rows.add(cells.stream().map(Text::harmless).toList());
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /// @param lineColumns how long a line may be, `Integer.MAX_VALUE` for any length
  void print(PrintWriter out, int lineColumns) {
    int[] widths = widths();
    fit(widths, lineColumns);
    List<String> headings =
        columns.stream().map(column -> Text.harmless(column.heading())).toList();
    print(headings, widths, out);
    rows.forEach(row -> print(row, widths, out));
  }

  private int[] widths() {
    int[] widths = new int[columns.size()];
    Arrays.setAll(widths, i -> Text.columns(Text.harmless(columns.get(i).heading())));
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], Text.columns(row.get(i)));
      }
    }
    return widths;
  }

  private void fit(int[] widths, int lineColumns) {
    long excess =
        Arrays.stream(widths).asLongStream().sum()
            + (long) GAP.length() * (widths.length - 1)
            - lineColumns;
    while (excess > 0) {
      int widest = widestText(widths);
      if (widest < 0) {
        return;
      }
      widths[widest]--;
      excess--;
    }
  }

  private int widestText(int[] widths) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      if (columns.get(i).cut()
          && widths[i] > MIN_COLUMNS
          && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private void print(List<String> cells, int[] widths, PrintWriter out) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = Text.cut(cells.get(i), Math.max(1, widths[i]));
      String space = " ".repeat(Math.max(0, widths[i] - Text.columns(cell)));
      line.append(i == 0 ? "" : GAP);
      line.append(columns.get(i).right() ? space + cell : cell + space);
    }
    out.println(line.toString().stripTrailing());
  }
}
