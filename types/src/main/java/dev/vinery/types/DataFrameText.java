package dev.vinery.types;

import java.util.ArrayList;
import java.util.List;

/// Prints data frames as tables: names, types, rows, and how much there is of it.
final class DataFrameText {
  static final int DEFAULT_ROWS = 20;

  /// Characters of one cell; what is longer is cut.
  private static final int MAX_CELL_CHARS = 40;

  private static final String CUT = "…";

  private DataFrameText() {}

  static String print(DataFrame frame, int maxRows) {
    List<Long> rows = rows(frame.rowCount(), Math.max(2, maxRows));
    List<List<String>> table = new ArrayList<>();
    List<Boolean> toTheRight = new ArrayList<>();
    table.add(index(frame, rows));
    toTheRight.add(false);
    frame
        .columns()
        .forEach((name, column) -> {
          table.add(column(name, column, rows));
          toTheRight.add(!(column instanceof Strings || column instanceof ObjectTensor));
        });
    var out = new StringBuilder();
    for (int line = 0; line < rows.size() + 2; line++) {
      var text = new StringBuilder();
      for (int i = 0; i < table.size(); i++) {
        pad(table.get(i), line, toTheRight.get(i), text.append(i > 0 ? "  " : ""));
      }
      out.append(text.toString().stripTrailing()).append('\n');
    }
    return out.append("[%d rows x %d columns]".formatted(frame.rowCount(), frame.columnCount()))
        .toString();
  }

  /// The rows to show; -1 stands for those left out.
  private static List<Long> rows(long count, int maxRows) {
    List<Long> rows = new ArrayList<>();
    boolean all = count <= maxRows;
    long head = all ? count : (maxRows + 1) / 2;
    for (long row = 0; row < head; row++) {
      rows.add(row);
    }
    if (!all) {
      rows.add(-1L);
      for (long row = count - maxRows / 2; row < count; row++) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<String> index(DataFrame frame, List<Long> rows) {
    List<String> cells = new ArrayList<>(List.of("", cut(frame.indexName().orElse(""))));
    for (long row : rows) {
      cells.add(
          row < 0 ? CUT : frame.index().map(index -> cell(index, row)).orElse(Long.toString(row)));
    }
    return cells;
  }

  private static List<String> column(String name, Column column, List<Long> rows) {
    List<String> cells = new ArrayList<>(List.of(cut(name), column.elementName()));
    for (long row : rows) {
      cells.add(row < 0 ? CUT : cell(column, row));
    }
    return cells;
  }

  private static String cell(Column column, long row) {
    return cut(column.formatRow(row));
  }

  /// Keeps one cell on one line.
  private static String cut(String text) {
    String line = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    return line.codePointCount(0, line.length()) <= MAX_CELL_CHARS
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MAX_CELL_CHARS - 1)) + CUT;
  }

  private static void pad(List<String> cells, int line, boolean toTheRight, StringBuilder out) {
    int width = cells.stream().mapToInt(DataFrameText::width).max().orElse(0);
    String blanks = " ".repeat(width - width(cells.get(line)));
    out.append(toTheRight ? blanks + cells.get(line) : cells.get(line) + blanks);
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
