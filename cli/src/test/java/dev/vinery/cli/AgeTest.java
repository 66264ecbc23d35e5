package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeTest {
  @ParameterizedTest
  @CsvSource({
    "PT-5S, now",
    "PT0.9S, now",
    "PT1S, 1 s",
    "PT59.9S, 59 s",
    "PT60S, 1 min",
    "PT3599S, 59 min",
    "PT1H, 1 h",
    "PT23H59M, 23 h",
    "PT24H, 1 d",
    "PT240H, 10 d"
  })
  void anAgeIsToldInItsLargestUnit(Duration age, String text) {
    assertThat(Age.print(age)).isEqualTo(text);
  }
}
