package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vinery.cli.TextTable.Column;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void textIsFlushLeftAndNumbersAreFlushRight() {
    var table =
        new TextTable(Column.text("NAME"), Column.number("SIZE"))
            .row("flights", "1 B")
            .row("x", "12 KiB");

    assertThat(print(table, Integer.MAX_VALUE))
        .containsExactly("NAME       SIZE", "flights     1 B", "x        12 KiB");
  }

  @Test
  void wideCharactersKeepColumnsAligned() {
    var table = new TextTable(Column.text("N"), Column.text("V")).row("世界", "1").row("ab", "2");

    assertThat(print(table, Integer.MAX_VALUE)).containsExactly("N     V", "世界  1", "ab    2");
  }

  @Test
  void theWidestTextGivesWayOnANarrowTerminal() {
    var table =
        new TextTable(Column.text("NAME"), Column.text("TYPE"), Column.number("SIZE"))
            .row("short", "vineyard::Tensor<double>", "123.4 GiB");

    assertThat(print(table, 32))
        .containsExactly("NAME   TYPE                 SIZE", "short  vineyard::Ten…  123.4 GiB");
  }

  @Test
  void idsAreNeverCut() {
    var table =
        new TextTable(Column.text("TYPE"), Column.whole("ID"))
            .row("vineyard::DataFrame", "o687fa177b8000000");

    assertThat(print(table, 28)).contains("vineyard…  o687fa177b8000000");
  }

  @Test
  void aLineBreakInACellDoesNotBreakTheLine() {
    var table = new TextTable(Column.text("NAME")).row("a\nb");

    assertThat(print(table, Integer.MAX_VALUE)).containsExactly("NAME", "a\\nb");
  }

  @Test
  void aRowHasACellForEachColumn() {
    var table = new TextTable(Column.text("NAME"));

    assertThatIllegalArgumentException().isThrownBy(() -> table.row("a", "b"));
  }

  private static String[] print(TextTable table, int columns) {
    var out = new StringWriter();
    table.print(new PrintWriter(out, true), columns);
    return out.toString().lines().toArray(String[]::new);
  }
}
