package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.protocol.ProtocolException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TextPatternTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private static boolean matches(String pattern, String text) {
    return TextPattern.of(pattern, true).matches(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "abc abc true",
        "abc xabc false",
        ".* '' true",
        "'' '' true",
        "'' a false",
        "a|b b true",
        "a|b ab false",
        "(a|b)*c ababc true",
        "a{2,3} aaaa false",
        "a*?b aab true",
        "(a*)* aaa true",
        "[^a-c]+ abd false",
        "\\d+ 123 true",
        "\\. a false",
        "^abc$ abc true",
        "vineyard::Tensor<.*> vineyard::Tensor<int64> true",
        "vineyard::.*Frame.* vineyard::DataFrame true",
        "Tensor vineyard::Tensor<int64> false",
        ". 🙂 true"
      })
  void anExpressionMatchesTheWholeText(String pattern, String text, boolean matches) {
    assertThat(matches(pattern, text)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "a)", "[", "[b-a]", "*", "a**", "\\", "(?=a)a", "(?!a)b", "(a)\\1"})
  void whatIsNoExpressionOfRe2MatchesNothing(String pattern) {
    for (String text : new String[] {"", "a", "aa", pattern}) {
      assertThat(matches(pattern, text)).as(text).isFalse();
    }
  }

  /// Each of these takes other matchers longer than anybody waits.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+$",
        "(a+)+b",
        "(a|a)*b",
        "(a|aa)+b",
        "(.*a){20}b",
        "((a|)(a|)(a|)(a|)(a|)(a|)(a|)(a|))*b",
        "(((((((((|)(|))*(|))*(|))*(|))*(|))*(|))*(|))*(|))*b"
      })
  void anExpressionThatExplodesElsewhereIsMatchedSoon(String pattern) {
    long startNanos = System.nanoTime();

    assertThat(matches(pattern, "a".repeat(4000) + "!")).isFalse();

    assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(SOON);
  }

  @Test
  void aWildcardIsNoExpression() {
    assertThat(TextPattern.of("vineyard::*", false).matches("vineyard::Blob")).isTrue();
    assertThat(TextPattern.of(".*", false).matches("vineyard::Blob")).isFalse();
  }

  @Test
  void aWildcardThatTakesTooLongOnAllTextsTogetherIsRefused() {
    TextPattern wildcard = TextPattern.of("*" + "a".repeat(1000) + "b", false);
    String text = "a".repeat(4000);

    assertThatThrownBy(() -> IntStream.range(0, 1000).forEach(_ -> wildcard.matches(text)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("too many steps");
  }

  @Test
  void aLongPatternIsRefused() {
    String longest = "a".repeat(TextPattern.MAX_PATTERN_CHARS);

    assertThat(matches(longest, longest)).isTrue();
    assertThatThrownBy(() -> TextPattern.of(longest + "a", true))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("1024");
  }
}
