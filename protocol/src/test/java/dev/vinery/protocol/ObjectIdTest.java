package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectIdTest {
  @ParameterizedTest
  @CsvSource({
    "0, o0000000000000000",
    "1, o0000000000000001",
    "7529503466457137168, o687e2b827d400010",
    "9223372036854775807, o7fffffffffffffff",
    "-9223372036854775808, o8000000000000000",
    "-1, offffffffffffffff",
  })
  void aTextIsAnOAndSixteenDigits(long value, String text) {
    var id = new ObjectId(value);

    assertThat(id.toString()).isEqualTo(text);
    assertThat(ObjectId.parse(text)).isEqualTo(id);
    assertThat(ObjectId.isText(text)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "x687e2b827d400010, o687e2b827d400010",
    "s687E2B827D400010, o687e2b827d400010",
    "o1f, o000000000000001f",
    "o1fz9, o000000000000001f",
    "o00000000000000000000001f, o000000000000001f",
    "o, o0000000000000000",
    "'', o0000000000000000",
    "oxyz, o0000000000000000",
    "o 1f, o0000000000000000",
    "o１f, o0000000000000000",
    "o1٣, o0000000000000001",
    "o10000000000000000, offffffffffffffff",
    "offffffffffffffff0, offffffffffffffff",
  })
  void parsingSkipsOneCharacterAndStopsAtTheFirstThatIsNoDigit(String text, String id) {
    assertThat(ObjectId.parse(text)).hasToString(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "o",
        "o1f",
        "x687e2b827d400010",
        "o687E2B827D400010",
        "o687e2b827d40001",
        "o687e2b827d4000100",
        "o687e2b827d40001g",
        "o１23456789abcdef0"
      })
  void onlyTheExactFormIsAText(String text) {
    assertThat(ObjectId.isText(text)).isFalse();
  }

  @Test
  void theHighestBitTellsABlob() {
    assertThat(new ObjectId(Long.MIN_VALUE).isBlob()).isTrue();
    assertThat(new ObjectId(-1L).isBlob()).isTrue();
    assertThat(new ObjectId(Long.MAX_VALUE).isBlob()).isFalse();
    assertThat(new ObjectId(0).isBlob()).isFalse();
  }

  @Test
  void idsOrderAsUnsignedNumbersAndAsTheirTexts() {
    var random = new SplittableRandom(1);
    List<ObjectId> ids = new ArrayList<>();
    for (long edge : new long[] {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1L}) {
      ids.add(new ObjectId(edge));
    }
    random.longs(1000).forEach(value -> ids.add(new ObjectId(value)));

    List<ObjectId> byText = ids.stream().sorted(Comparator.comparing(ObjectId::toString)).toList();

    assertThat(ids.stream().sorted().toList()).isEqualTo(byText);
    assertThat(byText.getFirst().value()).isZero();
    assertThat(byText.getLast()).isEqualTo(ObjectId.INVALID);
  }

  @Test
  void theKeyOfAnInstanceIsDecimalAndUnsigned() {
    assertThat(InstanceId.key(0)).isEqualTo("i0");
    assertThat(InstanceId.key(InstanceId.UNSPECIFIED)).isEqualTo("i18446744073709551615");
  }
}
