package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/// What happens to messages that were damaged on the way.
class MutatedFramesTest {
  private static final int FRAMES = 20_000;
  private static final int MAX_BYTES = 32 << 10;

  private static final List<byte[]> GOOD =
      Stream.of(
              Transcript.lines().stream().map(Transcript.Line::body),
              Samples.REQUESTS.stream().map(Messages::text).map(Messages::bytes),
              Samples.REPLIES.stream().map(Messages::text).map(Messages::bytes))
          .flatMap(frames -> frames)
          .toList();

  /// Pieces that mean something to a reader of JSON or of messages.
  private static final List<byte[]> PIECES =
      Stream.of(
              "{",
              "}",
              "[",
              "]",
              ",",
              ":",
              "\"",
              "\\",
              "\\u0000",
              "\\ud83d",
              "null",
              "true",
              "-",
              "1e999",
              "18446744073709551615",
              "9223372036854775808",
              "0.5",
              "\"type\":",
              "\"num\":",
              "\"id\":",
              "\"code\":",
              "[[",
              "{}",
              "🙂")
          .map(Messages::bytes)
          .toList();

  /// The seed is the number of the repetition.
  @RepeatedTest(10)
  void aDamagedMessageIsReadOrRefused(RepetitionInfo repetition) {
    var random = new SplittableRandom(repetition.getCurrentRepetition());
    int read = 0;
    for (int i = 0; i < FRAMES; i++) {
      byte[] frame = pick(GOOD, random);
      for (int damages = 1 + random.nextInt(3); damages > 0; damages--) {
        frame = damaged(frame, random);
      }
      if (AnyBytes.readAsRequest(frame)) {
        read++;
      }
      if (AnyBytes.readAsReply(frame)) {
        read++;
      }
    }

    assertThat(read).as("messages that survived").isBetween(FRAMES / 50, FRAMES);
  }

  private static byte[] damaged(byte[] frame, SplittableRandom random) {
    int at = random.nextInt(frame.length + 1);
    int end = Math.min(frame.length, at + random.nextInt(16));
    return switch (random.nextInt(6)) {
      case 0 -> { // flip a bit
        byte[] flipped = frame.clone();
        if (at < frame.length) {
          flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        yield flipped;
      }
      case 1 -> Arrays.copyOf(frame, at); // cut off the end
      case 2 -> spliced(frame, at, end, new byte[0]); // leave out a part
      case 3 -> spliced(frame, at, random.nextBoolean() ? at : end, pick(PIECES, random));
      case 4 -> { // put in a part of another message
        byte[] other = pick(GOOD, random);
        int from = random.nextInt(other.length);
        int to = Math.min(other.length, from + random.nextInt(64));
        yield spliced(frame, at, end, Arrays.copyOfRange(other, from, to));
      }
      default -> { // repeat a part, up to the largest size
        byte[] grown = frame;
        byte[] part = Arrays.copyOfRange(frame, at, end);
        for (int n = random.nextInt(20); n > 0 && grown.length + part.length < MAX_BYTES; n--) {
          grown = spliced(grown, at, at, part);
        }
        yield grown;
      }
    };
  }

  private static byte[] spliced(byte[] frame, int from, int to, byte[] part) {
    byte[] spliced = new byte[from + part.length + frame.length - to];
    System.arraycopy(frame, 0, spliced, 0, from);
    System.arraycopy(part, 0, spliced, from, part.length);
    System.arraycopy(frame, to, spliced, from + part.length, frame.length - to);
    return spliced;
  }

  private static byte[] pick(List<byte[]> list, SplittableRandom random) {
    return list.get(random.nextInt(list.size()));
  }
}
