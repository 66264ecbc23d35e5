package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FiguresTest {
  @Test
  void timesHaveThreeDigitsThatCount() {
    assertThat(Figures.micros(80)).isEqualTo("0.08");
    assertThat(Figures.micros(5_432)).isEqualTo("5.43");
    assertThat(Figures.micros(9_996)).isEqualTo("10.0");
    assertThat(Figures.micros(54_321)).isEqualTo("54.3");
    assertThat(Figures.micros(543_210)).isEqualTo("543");
    assertThat(Figures.micros(9_490_123)).isEqualTo("9,490");
  }

  @Test
  void ratesAreGivenInThousandsAndMillions() {
    assertThat(Figures.rate(12.34)).isEqualTo("12.3");
    assertThat(Figures.rate(940)).isEqualTo("940");
    assertThat(Figures.rate(12_345)).isEqualTo("12.3 k");
    assertThat(Figures.rate(1_204_000)).isEqualTo("1.20 M");
  }

  @Test
  void sizesAreWholeMultiplesOfTheirUnit() {
    assertThat(Figures.size(64)).isEqualTo("64 B");
    assertThat(Figures.size(1025)).isEqualTo("1025 B");
    assertThat(Figures.size(64 << 10)).isEqualTo("64 KiB");
    assertThat(Figures.size(1 << 20)).isEqualTo("1 MiB");
    assertThat(Figures.size(1L << 30)).isEqualTo("1 GiB");
    assertThat(Figures.size(4L << 40)).isEqualTo("4096 GiB");
  }

  @Test
  void speedsAreInUnitsOfTenToTheNinth() {
    assertThat(Figures.gigabytes(18.94e9)).isEqualTo("18.9 GB/s");
    assertThat(Figures.gigabytes(0.3e9)).isEqualTo("0.30 GB/s");
  }

  @Test
  void ratiosKeepTwoDecimalsWhileTheyAreSmall() {
    assertThat(Figures.ratio(new Spread(2.514, 2.4, 2.629))).isEqualTo("2.51 (2.40–2.63)");
    assertThat(Figures.ratio(0.987)).isEqualTo("0.99");
    assertThat(Figures.ratio(595.4)).isEqualTo("595");
    assertThat(Figures.ratio(1595.4)).isEqualTo("1,595");
  }

  @Test
  void countsAreGrouped() {
    assertThat(Figures.count(100)).isEqualTo("100");
    assertThat(Figures.count(100_000)).isEqualTo("100,000");
  }
}
