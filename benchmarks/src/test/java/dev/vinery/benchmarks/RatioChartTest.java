package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class RatioChartTest {
  private static final Pattern BAR =
      Pattern.compile(
          "<rect x=\"([0-9.]+)\" y=\"[0-9]+\" width=\"([0-9.]+)\" height=\"[0-9]+\""
              + " fill=\"([^\"]+)\"");

  private record Bar(double x, double width, String colour) {}

  private static List<Bar> bars(RatioChart chart) {
    return BAR.matcher(chart.toString())
        .results()
        .map(bar ->
            new Bar(
                Double.parseDouble(bar.group(1)), Double.parseDouble(bar.group(2)), bar.group(3)))
        .toList();
  }

  @Test
  void barsGrowWithTheLogarithmOfTheRatio() {
    var chart = new RatioChart("ratios");
    chart.add("ten", new Spread(10, 9, 11));
    chart.add("a hundred", new Spread(100, 100, 1000));

    List<Bar> bars = bars(chart);

    assertThat(bars).hasSize(2);
    assertThat(bars.get(1).width() / bars.get(0).width()).isBetween(1.95, 2.05);
  }

  @Test
  void whatIsSlowerHasAnotherColourAndGoesToTheLeft() {
    var chart = new RatioChart("ratios");
    chart.add("slower", new Spread(0.5, 0.4, 0.6));
    chart.add("faster", new Spread(2, 2, 2));

    List<Bar> bars = bars(chart);

    assertThat(bars.get(0).colour()).isNotEqualTo(bars.get(1).colour());
    assertThat(bars.get(0).x()).isLessThan(bars.get(1).x());
  }

  @Test
  void namesMayHoldWhatMeansSomethingInMarkup() {
    var chart = new RatioChart("a < b & c");
    chart.add("1 > 0", new Spread(2, 2, 2));

    assertThat(chart.toString()).contains("a &lt; b &amp; c", "1 &gt; 0");
  }
}
