package dev.vinery.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.CompressionChoice.Learned;
import dev.vinery.client.CompressionChoice.Sample;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompressionChoiceTest {
  private static final int LENGTH = 1 << 20;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static final MemorySegment ZEROS = Arena.ofAuto().allocate(LENGTH);
  private static final MemorySegment NOISE = noise();

  private static MemorySegment noise() {
    byte[] bytes = new byte[LENGTH];
    new Random(1).nextBytes(bytes);
    return Arena.ofAuto().allocate(LENGTH).copyFrom(MemorySegment.ofArray(bytes));
  }

  /// A choice that has seen the link carry so many bytes in a second, both ways.
  private static Learned afterSeeing(long bytesPerSecond) {
    var choice = new Learned();
    choice.ofUpload(List.of(ZEROS));
    choice.uploaded(bytesPerSecond, false, SECOND);
    choice.downloaded(bytesPerSecond, false, SECOND);
    return choice;
  }

  @ParameterizedTest
  @CsvSource({
    "ON, true, true, true",
    "ON, true, false, false",
    "OFF, false, true, false",
    "AUTO, true, true, false"
  })
  void wishesAreObeyedWhereTheDaemonUnderstands(
      Compression wish, boolean inOneHost, boolean understood, boolean compressed) {
    var choice = CompressionChoice.of(wish, inOneHost, understood);

    assertThat(choice.ofUpload(List.of(ZEROS))).isEqualTo(compressed);
    assertThat(choice.ofDownload()).isEqualTo(compressed);
  }

  @Test
  void theFirstTransfersTeachHowFastTheLinkIs() {
    var choice = CompressionChoice.of(Compression.AUTO, false, true);

    assertThat(choice.ofUpload(List.of(ZEROS))).isFalse();
    assertThat(choice.ofDownload()).isFalse();
  }

  @Test
  void overASlowLinkOnlyWhatGetsShorterIsCompressed() {
    Learned choice = afterSeeing(1 << 20);

    assertThat(choice.ofUpload(List.of(ZEROS))).isTrue();
    assertThat(choice.ofUpload(List.of(NOISE))).isFalse();
    assertThat(choice.ofUpload(List.of(ZEROS.asSlice(0, 1000)))).as("a short blob").isFalse();
  }

  @Test
  void overALinkFasterThanAnyCompressorNothingIsCompressed() {
    Learned choice = afterSeeing(1L << 40);

    assertThat(choice.ofUpload(List.of(ZEROS))).isFalse();
    assertThat(IntStream.range(0, 100).anyMatch(_ -> choice.ofDownload())).isFalse();
  }

  @Test
  void downloadsTakeTheFasterWayAndTryTheOtherNowAndThen() {
    Learned choice = afterSeeing(10 << 20);
    assertThat(choice.ofDownload()).as("not tried yet").isTrue();

    for (int i = 0; i < 8; i++) {
      choice.downloaded(50 << 20, true, SECOND);
    }
    int compressed = 0;
    for (int i = 0; i < 160; i++) {
      boolean chosen = choice.ofDownload();
      compressed += chosen ? 1 : 0;
      choice.downloaded(chosen ? 50 << 20 : 10 << 20, chosen, SECOND);
    }

    assertThat(compressed).isBetween(140, 155);
  }

  @Test
  void samplesTellHowMuchShorterBytesGet() {
    assertThat(Sample.of(List.of(ZEROS)).ratio()).isLessThan(0.01);
    assertThat(Sample.of(List.of(NOISE)).ratio()).isBetween(0.99, 1.01);
    assertThat(Sample.of(List.of(NOISE.asSlice(0, 10), ZEROS)).ratio())
        .as("that of the longest")
        .isLessThan(0.01);
    assertThat(Sample.of(List.of(NOISE)).nanosPerByte()).isPositive();
  }
}
