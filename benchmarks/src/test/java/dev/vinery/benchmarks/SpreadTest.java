package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SpreadTest {
  @Test
  void theMedianOfAnOddCountIsTheMiddleOne() {
    assertThat(Spread.of(5, 1, 9)).isEqualTo(new Spread(5, 1, 9));
    assertThat(Spread.of(4)).isEqualTo(new Spread(4, 4, 4));
  }

  @Test
  void theMedianOfAnEvenCountIsTheMeanOfTheTwoInTheMiddle() {
    assertThat(Spread.of(8, 2, 1, 4)).isEqualTo(new Spread(3, 1, 8));
  }

  @Test
  void ratiosAreTakenRoundByRound() {
    // In the second round the machine was ten times as slow for both.
    List<Double> slow = List.of(20.0, 200.0, 18.0);
    List<Double> fast = List.of(10.0, 100.0, 6.0);

    assertThat(Spread.ofRatios(slow, fast, (a, b) -> a / b)).isEqualTo(new Spread(2, 2, 3));
  }

  @Test
  void theMedianOfRatiosIsNotTheRatioOfMedians() {
    List<Double> slow = List.of(2.0, 30.0, 100.0);
    List<Double> fast = List.of(1.0, 100.0, 10.0);

    assertThat(Spread.ofRatios(slow, fast, (a, b) -> a / b)).isEqualTo(new Spread(2, 0.3, 10));
    assertThat(Spread.of(slow, x -> x).median() / Spread.of(fast, x -> x).median()).isEqualTo(3);
  }

  @Test
  void roundsThatDoNotMatchAreRefused() {
    assertThatThrownBy(() -> Spread.ofRatios(List.of(1.0), List.of(1.0, 2.0), (a, b) -> a / b))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ratios of 1 and 2 rounds");
    assertThatThrownBy(Spread::of).isInstanceOf(IllegalArgumentException.class);
  }
}
