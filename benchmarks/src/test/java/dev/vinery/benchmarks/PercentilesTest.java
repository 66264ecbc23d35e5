package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PercentilesTest {
  @Test
  void aPercentileIsATimeThatWasMeasured() {
    var hundred = new Percentiles(LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray());

    assertThat(hundred.nanos(0.01)).isEqualTo(1);
    assertThat(hundred.nanos(0.5)).isEqualTo(50);
    assertThat(hundred.nanos(0.501)).isEqualTo(51);
    assertThat(hundred.nanos(0.99)).isEqualTo(99);
    assertThat(hundred.nanos(1)).isEqualTo(100);
    assertThat(hundred.sumNanos()).isEqualTo(5050);
    assertThat(hundred.count()).isEqualTo(100);
  }

  @Test
  void ofOneTimeEveryPercentileIsThat() {
    var one = new Percentiles(new long[] {7});

    assertThat(one.nanos(0.001)).isEqualTo(7);
    assertThat(one.nanos(0.5)).isEqualTo(7);
    assertThat(one.nanos(1)).isEqualTo(7);
  }

  @Test
  void theTimesGivenAreNotChanged() {
    long[] times = {3, 1, 2};

    assertThat(new Percentiles(times).nanos(0.5)).isEqualTo(2);

    assertThat(times).containsExactly(3, 1, 2);
  }

  @Test
  void whatIsNoPartIsRefused() {
    var one = new Percentiles(new long[] {7});

    assertThatThrownBy(() -> one.nanos(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> one.nanos(1.1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> one.nanos(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Percentiles(new long[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
