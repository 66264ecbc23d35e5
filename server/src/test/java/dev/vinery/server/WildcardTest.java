package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.protocol.ProtocolException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class WildcardTest {
  /// What glibc's `fnmatch` said without flags: pattern, text, 1 or 0, between tabulators.
  static List<String> fnmatchCases() {
    try (var in = WildcardTest.class.getResourceAsStream("fnmatch.tsv")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("fnmatchCases")
  void itMatchesWhatFnmatchMatches(String line) {
    String[] fields = line.split("\t", -1);

    assertThat(Wildcard.matches(fields[0], fields[1])).isEqualTo(fields[2].equals("1"));
  }

  @Test
  void aCharacterIsOneWhateverItsCode() {
    assertThat(Wildcard.matches("?", "🙂")).isTrue();
    assertThat(Wildcard.matches("??", "🙂")).isFalse();
    assertThat(Wildcard.matches("[😀-🙏]x", "🙂x")).isTrue();
    assertThat(Wildcard.matches("[!a]", "🙂")).isTrue();
    assertThat(Wildcard.matches("*🙂", "日本🙂")).isTrue();
    assertThat(Wildcard.matches("\\🙂", "🙂")).isTrue();
  }

  @Test
  void manyStarsCostAProductAtMost() {
    String text = "a".repeat(100_000);

    assertThat(Wildcard.matches("*a".repeat(100), text)).isTrue();
    assertThat(Wildcard.matches("*a".repeat(100) + "b", text)).isFalse();
  }

  @Test
  void whatCostsTooMuchIsRefused() {
    String text = "a".repeat(10_000_000);

    assertThatThrownBy(() -> Wildcard.matches("*" + "a".repeat(1000) + "b", text))
        .isInstanceOf(ProtocolException.class);
  }
}
