package dev.vinery.benchmarks;

import java.util.ArrayList;
import java.util.List;

/// A table in Markdown whose source is as readable as its rendering: columns are aligned, numbers
/// to the right. Confined to one thread.
final class MarkdownTable {
  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  /// @param head titles of the columns; the first column holds names, the others numbers
  MarkdownTable(String... head) {
    this.head = List.of(head);
  }

  void row(String... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException(
          "a row of %d cells in a table of %d columns".formatted(cells.length, head.size()));
    }
    rows.add(List.of(cells));
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  @Override
  public String toString() {
    int[] widths = new int[head.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = head.get(column).length();
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    var text = new StringBuilder();
    line(text, head, widths);
    text.append("| ").append("-".repeat(widths[0])).append(" |");
    for (int column = 1; column < widths.length; column++) {
      text.append(' ').append("-".repeat(widths[column] - 1)).append(": |");
    }
    text.append('\n');
    rows.forEach(row -> line(text, row, widths));
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells, int[] widths) {
    text.append('|');
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      String blanks = " ".repeat(widths[column] - cell.length());
      text.append(' ').append(column == 0 ? cell + blanks : blanks + cell).append(" |");
    }
    text.append('\n');
  }
}
