package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read as JSON, what is refused, and in which words.
class JsonTextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "7, 7",
    "-1, -1",
    "999999999999999999, 999999999999999999",
    "-999999999999999999, -999999999999999999",
    "1000000000000000000, 1000000000000000000",
    "9223372036854775806, 9223372036854775806",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775807, -9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
  })
  void wholeNumbersKeepTheirSign(String text, long value) {
    assertThat(JsonText.parse(text)).isEqualTo(Json.Whole.signed(value));
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775808, -9223372036854775808",
    "9223372036854775809, -9223372036854775807",
    "16752875329353154560, -1693868744356397056",
    "18446744073709551614, -2",
    "18446744073709551615, -1",
  })
  void wholeNumbersFromTwoToThe63UpAreUnsigned(String text, long bits) {
    assertThat(JsonText.parse(text)).isEqualTo(new Json.Whole(bits, true));
  }

  @ParameterizedTest
  @CsvSource({
    "18446744073709551616, 1.8446744073709552E19",
    "-9223372036854775809, -9.223372036854775808E18",
    "100000000000000000000000000000, 1E29",
    "0.5, 0.5",
    "-2.25, -2.25",
    "1e3, 1000",
    "1E+3, 1000",
    "15e-1, 1.5",
    "1e-999, 0",
    "-0.0, -0.0",
    "4.9e-324, 4.9E-324",
    "1.7976931348623157e308, 1.7976931348623157E308",
    "1.2345000505447388, 1.2345000505447388",
  })
  void otherNumbersAreFloatingPoint(String text, double value) {
    assertThat(JsonText.parse(text)).isEqualTo(new Json.Real(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999", "-1e999", "1.8e308", "[1e400]"})
  void aNumberBeyondFloatingPointIsRefused(String text) {
    assertRefused(text, "the message holds a number beyond 64-bit floating point");
  }

  @Test
  void aNumberOfTooManyCharactersIsRefused() {
    String longest = "1".repeat(300) + "." + "1".repeat(JsonText.MAX_NUMBER_CHARS - 301);

    assertThat(JsonText.parse(longest)).isInstanceOf(Json.Real.class);
    assertRefused(longest + "1", "the message holds a number of more than 1000 characters");
    assertRefused("1".repeat(1_000_000), "the message holds a number of more than 1000 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[",
        "\"a",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "[1",
        "[1,",
        "tru",
        "nul",
        "1.",
        "1e",
        "-",
        "\"\\u12",
        "\"\\",
        "{a:1}",
        "{'a':1}",
        "[1,]",
        "{\"a\":1,}",
        "[1 2]",
        "{\"a\" 1}",
        "+1",
        ".5",
        "01",
        "-01",
        "0x10",
        "NaN",
        "Infinity",
        "-Infinity",
        "True",
        "nil",
        "}",
        "]",
        ":",
        ",",
        "// c\n1",
        "/* c */ 1",
        "# c\n1",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"\\x\"",
        "\"\\u00g0\"",
        "{1:2}",
        "{null:2}",
        "\u00a01"
      })
  void whatIsNotJsonIsRefused(String text) {
    assertThatThrownBy(() -> JsonText.parse(text))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessageStartingWith("the message is not JSON");
  }

  @Test
  void aRefusalSaysWhere() {
    assertRefused("{\"a\":!}", "the message is not JSON from byte 5 on");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t\r "})
  void anEmptyTextIsRefused(String text) {
    assertRefused(text, "the message is empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 2", "{}{}", "{},", "[]]", "null null", "{} x", "{}\u0000", "1,"})
  void whatFollowsTheTextIsRefused(String text) {
    assertThatThrownBy(() -> JsonText.parse(text)).isExactlyInstanceOf(ProtocolException.class);
  }

  @Test
  void spaceAroundTheTextIsSkipped() {
    assertThat(JsonText.parse(" \r\n\t{ \"a\" : [ 1 , 2 ] } "))
        .isEqualTo(JsonText.parse("{\"a\":[1,2]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff", // in no character
        "fe",
        "80", // goes on with nothing
        "bf",
        "c3", // ends too early
        "e282",
        "f09f99",
        "c328", // goes on with ASCII
        "e28228",
        "c080", // more bytes than needed
        "c1bf",
        "c0af",
        "e08080",
        "e09fbf",
        "f0808080",
        "f08fbfbf",
        "eda080", // half of a surrogate pair
        "edafbf",
        "edb080",
        "eda080edb080", // both halves, as CESU-8 has them
        "f4908080", // above the last character
        "f5808080",
        "f8888080808080",
        "fc8080808080"
      })
  void whatIsNotUtf8IsRefused(String hex) {
    byte[] wrong = HexFormat.of().parseHex(hex);
    for (String before : List.of("", "12345678901234567890", "é")) {
      byte[] text = join(Messages.bytes("{\"a\":\"" + before), wrong, Messages.bytes("\"}"));

      assertThatThrownBy(() -> JsonText.parse(text))
          .isExactlyInstanceOf(ProtocolException.class)
          .hasMessage(
              "the message is not UTF-8 from byte " + (6 + Messages.bytes(before).length) + " on");
    }
  }

  @Test
  void invalidUtf8IsFoundWhereverItStands() {
    for (int length = 1; length <= 40; length++) {
      for (int at = 0; at < length; at++) {
        byte[] text = Messages.bytes("\"" + "x".repeat(length) + "\"");
        text[at + 1] = (byte) 0xff;
        assertThatThrownBy(() -> JsonText.parse(text)).isInstanceOf(ProtocolException.class);
      }
    }
  }

  @Test
  void utf8IsCheckedInTextsLargerThanOneStep() {
    String large = "🙂é".repeat(10_000);
    byte[] good = Messages.bytes("\"" + large + "\"");
    byte[] bad = good.clone();
    bad[bad.length - 2] = (byte) 0xff;

    assertThat(JsonText.parse(good)).isEqualTo(new Json.Text(large));
    assertThatThrownBy(() -> JsonText.parse(bad)).hasMessageContaining("not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800x\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud800\\ud800\"",
        "[\"a\",\"\\uDBFF\"]"
      })
  void halfOfASurrogatePairIsRefused(String text) {
    assertRefused(text, "the message holds half of a surrogate pair");
  }

  @Test
  void halfOfASurrogatePairInANameIsRefused() {
    assertNotText(Messages.bytes("{\"\\ud83d\":1}"));
    assertNotText(Messages.bytes("{\"\\ude42\":1}"));
    assertNotText(Messages.bytes("{\"a-name-of-more-than-a-few-characters\\ud83d!\":1}"));
  }

  @Test
  void charactersMayBeEscapedOrNot() {
    assertThat(JsonText.parse("\"\\ud83d\\ude42\\u00e9\\n\\/\\\"\\\\\\b\\f\\r\\t\\u0000\""))
        .isEqualTo(new Json.Text("🙂é\n/\"\\\b\f\r\t\u0000"));
    assertThat(JsonText.parse("\"🙂é\u007f\u2028\"")).isEqualTo(new Json.Text("🙂é\u007f\u2028"));
  }

  @Test
  void rawControlCharactersAreRefused() {
    for (char c = 0; c < ' '; c++) {
      String text = "\"" + c + "\"";
      assertThatThrownBy(() -> JsonText.parse(text)).isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void onlyUtf8IsRead() {
    String text = "{\"type\":\"exit_request\"}";

    assertNotText(text.getBytes(StandardCharsets.UTF_16LE));
    assertNotText(text.getBytes(StandardCharsets.UTF_16BE));
    assertNotText(text.getBytes(StandardCharsets.UTF_16));
    assertNotText(text.getBytes(StandardCharsets.UTF_32LE));
    assertNotText(text.getBytes(StandardCharsets.UTF_32BE));
  }

  @Test
  void aByteOrderMarkIsRefused() {
    assertNotText(Messages.bytes("\ufeff{}"));
  }

  @Test
  void deepNestingIsRefusedAndNotFatal() {
    String message = "the message is nested more than 1000 deep";

    assertRefused("[".repeat(100_000), message);
    assertRefused("{\"a\":".repeat(100_000), message);
    assertRefused("[".repeat(1001) + "]".repeat(1001), message);
    assertThat(JsonText.parse("[".repeat(1000) + "]".repeat(1000))).isInstanceOf(Json.Items.class);
  }

  @Test
  void theDeepestTreeIsComparedAndPrintedOnASmallStack() throws InterruptedException {
    String deepest = "{\"a\":[".repeat(500) + "]}".repeat(500);
    var printed = new StringBuilder();
    var thread =
        new Thread(
            null,
            () -> {
              Json tree = JsonText.parse(deepest);
              if (tree.equals(JsonText.parse(deepest)) && tree.hashCode() != 0) {
                printed.append(JsonText.print(tree));
              }
            },
            "small stack",
            1 << 20);
    thread.start();
    thread.join();

    assertThat(printed).hasToString(deepest);
  }

  @Test
  void arraysAndObjectsCountAsValues() {
    byte[] five = Messages.bytes("{\"a\":[1,{}],\"b\":null}");

    assertThat(JsonText.parse(five, 0, five.length, 5)).isEqualTo(JsonText.parse(five));
    assertThatThrownBy(() -> JsonText.parse(five, 0, five.length, 4))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("the message holds more than 4 values");
  }

  @Test
  void hugeStringsAreRead() {
    String huge = "é0123456789\n".repeat(1 << 20);

    assertThat(JsonText.parse(JsonText.print(new Json.Text(huge)))).isEqualTo(new Json.Text(huge));
  }

  @Test
  void hugeNamesAreRead() {
    var tree = Json.Fields.of(Map.of("n".repeat(1 << 20), new Json.Flag(true)));

    assertThat(JsonText.parse(JsonText.print(tree))).isEqualTo(tree);
  }

  @Test
  void manyNamesAreRead() {
    var text = new StringBuilder("{");
    for (int i = 0; i < 200_000; i++) {
      text.append(i == 0 ? "" : ",").append("\"name-").append(i).append("\":").append(i);
    }
    var tree = (Json.Fields) JsonText.parse(text.append('}').toString());

    assertThat(tree.values()).hasSize(200_000);
    assertThat(tree.whole("name-199999")).isEqualTo(199_999);
  }

  @Test
  void ofTwoFieldsWithOneNameTheLaterCounts() {
    assertThat(JsonText.print(JsonText.parse("{\"a\":1,\"b\":2,\"\\u0061\":3}")))
        .isEqualTo("{\"a\":3,\"b\":2}");
  }

  @Test
  void fieldsKeepTheirOrderAndCompareWithoutIt() {
    Json one = JsonText.parse("{\"b\":1,\"a\":{\"y\":1,\"x\":2}}");
    Json other = JsonText.parse("{\"a\":{\"x\":2,\"y\":1},\"b\":1}");

    assertThat(JsonText.print(one)).isEqualTo("{\"b\":1,\"a\":{\"y\":1,\"x\":2}}");
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one).isNotEqualTo(JsonText.parse("{\"a\":{\"x\":2,\"y\":1},\"b\":2}"));
  }

  @Test
  void partOfAnArrayIsRead() {
    byte[] text = Messages.bytes("[1]{\"a\":\"é\"}[2]");

    assertThat(JsonText.parse(text, 3, text.length - 6)).isEqualTo(JsonText.parse("{\"a\":\"é\"}"));
    assertThatThrownBy(() -> JsonText.parse(text, 3, text.length - 7))
        .isExactlyInstanceOf(ProtocolException.class);
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> JsonText.parse(text))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage(message);
  }

  private static void assertNotText(byte[] text) {
    assertThatThrownBy(() -> JsonText.parse(text)).isExactlyInstanceOf(ProtocolException.class);
  }

  private static byte[] join(byte[]... parts) {
    var joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
