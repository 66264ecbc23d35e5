package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
  @Test
  void whatWouldSteerATerminalIsSpelledOut() {
    assertThat(Text.harmless("a\u001b[31mb\nc\td\r\u0007e\u202ef\u009bg"))
        .isEqualTo("a\\u001b[31mb\\nc\\td\\r\\u0007e\\u202ef\\u009bg");
  }

  @Test
  void aLoneSurrogateIsSpelledOut() {
    assertThat(Text.harmless("x\ud800y")).isEqualTo("x\\ud800y");
  }

  @Test
  void lettersOfAllScriptsAndPicturesStay() {
    String text = "Grüße, 世界, שלום, 👩\u200d🚀";

    assertThat(Text.harmless(text)).isSameAs(text);
  }

  @ParameterizedTest
  @CsvSource({"abc, 3", "世界, 4", "e\u0301, 1", "ﬁ, 1", "😀, 2", "한글, 4", "Ａ, 2", "'', 0"})
  void charactersTakeTheColumnsThatTerminalsGiveThem(String text, int columns) {
    assertThat(Text.columns(text)).isEqualTo(columns);
  }

  @ParameterizedTest
  @CsvSource({"abcdef, 6, abcdef", "abcdef, 5, abcd…", "世界世界, 5, 世界…", "世界世界, 4, 世…", "ab, 1, …"})
  void aTextIsCutToColumnsAndNotToCharacters(String text, int columns, String cut) {
    assertThat(Text.cut(text, columns)).isEqualTo(cut);
    assertThat(Text.columns(Text.cut(text, columns))).isLessThanOrEqualTo(columns);
  }
}
