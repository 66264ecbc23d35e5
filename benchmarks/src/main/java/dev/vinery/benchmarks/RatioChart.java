package dev.vinery.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A drawing of ratios in SVG: a bar for each load, on a logarithmic scale from 1 on, to the right
/// where our daemon is better, and a line for what the rounds varied between. Confined to one
/// thread.
final class RatioChart {
  private static final int LABEL_WIDTH = 300; // all in pixels
  private static final int BAR_SPACE = 420;
  private static final int FIGURE_WIDTH = 70;
  private static final int ROW_HEIGHT = 18;
  private static final int HEAD_HEIGHT = 44;
  private static final int BAR_HEIGHT = 11;

  private final String title;
  private final List<Row> rows = new ArrayList<>();

  private record Row(String label, Spread ratio) {}

  RatioChart(String title) {
    this.title = title;
  }

  /// Adds a bar below the others.
  ///
  /// @param ratio above 0
  void add(String label, Spread ratio) {
    rows.add(new Row(label, ratio));
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  @Override
  public String toString() {
    double lowest = Math.min(1, rows.stream().mapToDouble(row -> row.ratio.min()).min().orElse(1));
    double highest = Math.max(2, rows.stream().mapToDouble(row -> row.ratio.max()).max().orElse(2));
    var scale = new Scale(lowest, highest);
    int height = HEAD_HEIGHT + rows.size() * ROW_HEIGHT;
    var svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
        font-family="sans-serif" font-size="11">
        <rect width="100%%" height="100%%" fill="white"/>
        <text x="8" y="18" font-size="13" font-weight="bold">%3$s</text>
        """
            .formatted(LABEL_WIDTH + BAR_SPACE + FIGURE_WIDTH, height, escape(title)));
    for (double mark = 0.1; mark <= highest; mark *= 10) {
      if (mark >= lowest) {
        mark(svg, scale, mark, height);
      }
    }
    for (int i = 0; i < rows.size(); i++) {
      row(svg, scale, rows.get(i), HEAD_HEIGHT + i * ROW_HEIGHT);
    }
    return svg.append("</svg>\n").toString();
  }

  /// Where a ratio stands.
  private record Scale(double lowest, double highest) {
    double x(double ratio) {
      return LABEL_WIDTH + BAR_SPACE * Math.log(ratio / lowest) / Math.log(highest / lowest);
    }
  }

  private static void mark(StringBuilder svg, Scale scale, double ratio, int height) {
    svg.append(
        String.format(
            Locale.ROOT,
            """
            <line x1="%1$.1f" y1="36" x2="%1$.1f" y2="%2$d" stroke="#ccc"/>
            <text x="%1$.1f" y="32" text-anchor="middle" fill="#666">%3$s</text>
            """,
            scale.x(ratio),
            height,
            ratio < 1 ? "0.1" : String.format(Locale.ROOT, "%,.0f", ratio)));
  }

  private static void row(StringBuilder svg, Scale scale, Row row, int top) {
    double one = scale.x(1);
    double end = scale.x(row.ratio.median());
    svg.append(
        String.format(
            Locale.ROOT,
            """
            <text x="%d" y="%d" text-anchor="end">%s</text>
            <rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>
            <line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="black"/>
            <text x="%.1f" y="%d">%s</text>
            """,
            LABEL_WIDTH - 6,
            top + BAR_HEIGHT,
            escape(row.label),
            Math.min(one, end),
            top + 2,
            Math.abs(end - one),
            BAR_HEIGHT,
            end < one ? "#c0504d" : "#4f81bd",
            scale.x(row.ratio.min()),
            top + 2 + BAR_HEIGHT / 2.0,
            scale.x(row.ratio.max()),
            top + 2 + BAR_HEIGHT / 2.0,
            scale.x(Math.max(1, row.ratio.max())) + 5,
            top + BAR_HEIGHT,
            Figures.ratio(row.ratio.median())));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
