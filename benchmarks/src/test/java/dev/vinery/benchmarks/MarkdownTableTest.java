package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class MarkdownTableTest {
  @Test
  void namesStandLeftAndNumbersRight() {
    var table = new MarkdownTable("load", "p50 µs", "x");
    table.row("put 64 B", "151", "1");
    table.row("get", "88.4", "10.25");

    assertThat(table)
        .hasToString(
            """
            | load     | p50 µs |     x |
            | -------- | -----: | ----: |
            | put 64 B |    151 |     1 |
            | get      |   88.4 | 10.25 |
            """);
  }

  @Test
  void aRowHasAsManyCellsAsTheHead() {
    var table = new MarkdownTable("load", "p50 µs");

    assertThatThrownBy(() -> table.row("put", "1", "2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row of 3 cells in a table of 2 columns");
    assertThat(table.isEmpty()).isTrue();
  }
}
