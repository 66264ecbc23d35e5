package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// How messages are printed, byte for byte.
class JsonWriterTest {
  @Test
  void signedNumbersArePrintedAtEveryBoundary() {
    for (long power = 1, i = 0; i < 19; power *= 10, i++) {
      for (long value : new long[] {power - 1, power, power + 1}) {
        assertThat(new JsonWriter().signed(value)).hasToString(Long.toString(value));
        assertThat(new JsonWriter().signed(-value)).hasToString(Long.toString(-value));
      }
    }
    assertThat(new JsonWriter().signed(Long.MAX_VALUE)).hasToString("9223372036854775807");
    assertThat(new JsonWriter().signed(Long.MIN_VALUE)).hasToString("-9223372036854775808");
  }

  @Test
  void unsignedNumbersArePrintedAtEveryBoundary() {
    assertThat(new JsonWriter().unsigned(0)).hasToString("0");
    assertThat(new JsonWriter().unsigned(Long.MAX_VALUE)).hasToString("9223372036854775807");
    assertThat(new JsonWriter().unsigned(Long.MIN_VALUE)).hasToString("9223372036854775808");
    assertThat(new JsonWriter().unsigned(-1L)).hasToString("18446744073709551615");
    for (int bit = 0; bit < 64; bit++) {
      for (long value : new long[] {(1L << bit) - 1, 1L << bit, (1L << bit) + 1}) {
        assertThat(new JsonWriter().unsigned(value)).hasToString(Long.toUnsignedString(value));
      }
    }
  }

  @Test
  void numbersArePrintedAsTheLibraryPrintsThem() {
    var random = new SplittableRandom(2);
    for (int i = 0; i < 10_000; i++) {
      long value = random.nextLong() >> random.nextInt(64);

      assertThat(new JsonWriter().signed(value)).hasToString(Long.toString(value));
      assertThat(new JsonWriter().unsigned(value)).hasToString(Long.toUnsignedString(value));
    }
  }

  @Test
  void aNumberThatJsonCannotWriteIsNull() {
    assertThat(new JsonWriter().real(Double.NaN)).hasToString("null");
    assertThat(new JsonWriter().real(Double.POSITIVE_INFINITY)).hasToString("null");
    assertThat(new JsonWriter().real(Double.NEGATIVE_INFINITY)).hasToString("null");
  }

  @Test
  void realNumbersAreReadBackAsTheyWere() {
    var random = new SplittableRandom(3);
    for (int i = 0; i < 10_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(JsonText.parse(new JsonWriter().real(value).toString()))
            .isEqualTo(new Json.Real(value));
      }
    }
  }

  @Test
  void controlCharactersQuotesAndBackslashesAreEscaped() {
    for (char c = 0; c < ' '; c++) {
      assertThat(new JsonWriter().text("a" + c + "b"))
          .hasToString(String.format("\"a\\u%04xb\"", (int) c));
    }
    assertThat(new JsonWriter().text("\"\\/")).hasToString("\"\\\"\\\\/\"");
  }

  @Test
  void otherCharactersArePrintedRaw() {
    for (String text : List.of("", " ~", "\u007f", "é", "\u2028", "日本", "🙂", "aé\nb🙂\"c")) {
      String quoted = "\"" + text.replace("\"", "\\\"").replace("\n", "\\u000a") + "\"";

      assertThat(new JsonWriter().text(text).toByteArray())
          .isEqualTo(quoted.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void halfOfASurrogatePairNeverSpoilsTheText() {
    assertThat(new JsonWriter().text("a\ud800b").toByteArray())
        .isEqualTo(Messages.bytes("\"a?b\""));
  }

  @Test
  void commasStandBetweenValuesAndNowhereElse() {
    var out = new JsonWriter();
    out.beginObject()
        .name("a")
        .beginArray()
        .beginArray()
        .endArray()
        .nothing()
        .text(":")
        .text("{[")
        .signed(-1)
        .beginObject()
        .endObject()
        .endArray()
        .field("b", true)
        .name("c")
        .raw(Messages.bytes("{\"x\":[]}"))
        .field("d", ObjectId.EMPTY_BLOB)
        .ids("e", List.of())
        .texts("f", List.of("x", "y"))
        .numbers("g", List.of(1, 2))
        .name("h")
        .real(0.5)
        .endObject();

    assertThat(out)
        .hasToString(
            "{\"a\":[[],null,\":\",\"{[\",-1,{}],\"b\":true,\"c\":{\"x\":[]},"
                + "\"d\":9223372036854775808,\"e\":[],\"f\":[\"x\",\"y\"],\"g\":[1,2],\"h\":0.5}");
  }

  @Test
  void aFrameBeginsWithItsLength() {
    var out = new JsonWriter();
    for (int i = 0; i < 2; i++) { // a writer is used again for every frame of a connection
      out.beginFrame();
      Codec.write(Reply.Done.SEAL, out);
      out.endFrame();

      byte[] frame = Arrays.copyOf(out.array(), out.sizeBytes());
      assertThat(frame).startsWith(21, 0, 0, 0, 0, 0, 0, 0).hasSize(Frame.HEADER_BYTES + 21);
      assertThat(Arrays.copyOfRange(frame, Frame.HEADER_BYTES, frame.length))
          .isEqualTo(Messages.bytes("{\"type\":\"seal_reply\"}"));
    }
  }

  @Test
  void theLengthOfALargeFrameIsLittleEndian() {
    var out = new JsonWriter();
    out.beginFrame();
    out.text("x".repeat(0x01_02_03 - 2));
    out.endFrame();

    assertThat(Arrays.copyOf(out.array(), Frame.HEADER_BYTES))
        .containsExactly(3, 2, 1, 0, 0, 0, 0, 0);
  }

  @Test
  void aResetWriterIsEmptyAndGivesUpALargeArray() {
    var out = new JsonWriter();
    out.text("x".repeat(10_000));
    byte[] large = out.array();

    out.reset(large.length);
    assertThat(out.array()).isSameAs(large);
    assertThat(out.sizeBytes()).isZero();

    out.reset(large.length - 1);
    assertThat(out.array()).hasSizeLessThan(large.length);
    assertThat(out.signed(1)).hasToString("1");
  }

  @Test
  void textsOfEveryLengthFitTheArray() {
    for (int length = 400; length < 600; length++) {
      String ascii = "x".repeat(length);
      String controls = "\u0001".repeat(length);
      String other = "é".repeat(length);

      assertThat(new JsonWriter().text(ascii)).hasToString("\"" + ascii + "\"");
      assertThat(new JsonWriter().text(controls))
          .hasToString("\"" + "\\u0001".repeat(length) + "\"");
      assertThat(new JsonWriter().text(other)).hasToString("\"" + other + "\"");
      assertThat(new JsonWriter().text(ascii).unsigned(-1L))
          .hasToString("\"" + ascii + "\",18446744073709551615");
    }
  }
}
