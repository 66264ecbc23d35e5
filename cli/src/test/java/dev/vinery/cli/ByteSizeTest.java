package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "1073741824, 1073741824",
    "1k, 1024",
    "1K, 1024",
    "2M, 2097152",
    "1G, 1073741824",
    "1g, 1073741824",
    "1Gi, 1073741824",
    "1GiB, 1073741824",
    "1 GiB, 1073741824",
    "1T, 1099511627776",
    "1p, 1125899906842624",
    "1E, 1152921504606846976",
    "1.5G, 1610612736",
    ".5K, 512",
    "2.K, 2048",
    "0.0001K, 0",
    "-1G, -1073741824",
    "+3, 3",
    "100 bytes, 100",
    "7x, 7",
    "9223372036854775807, 9223372036854775807"
  })
  void aSizeIsANumberAndTheFirstLetterOfAUnit(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "G", "abc", "-", "1.2.3", "--5", "nan", "inf"})
  void aTextWithoutANumberIsNoSize(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessageContaining("'" + text + "' is no size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8E", "9223372036854775808", "99999999999999999999999E"})
  void moreThanALongHoldsIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessageContaining("more than 2^63 - 1 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1, 1 B",
    "1023, 1023 B",
    "1024, 1 KiB",
    "1075, 1 KiB",
    "1076, 1.1 KiB",
    "1258291, 1.2 MiB",
    "1048575, 1 MiB",
    "1048524, 1023.9 KiB",
    "2147483648, 2 GiB",
    "1099511627776, 1 TiB",
    "9223372036854775807, 8 EiB"
  })
  void aSizeIsPrintedWithOneDigitAtMost(long bytes, String text) {
    assertThat(ByteSize.print(bytes)).isEqualTo(text);
  }

  @Test
  void whatIsPrintedCanBeRead() {
    assertThat(ByteSize.parse(ByteSize.print(3L << 30))).isEqualTo(3L << 30);
  }
}
