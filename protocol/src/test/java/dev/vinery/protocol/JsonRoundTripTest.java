package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class JsonRoundTripTest {
  private static final int TREES = 2_000;
  private static final int DEPTH = 5;

  /// The seed is the number of the repetition.
  @RepeatedTest(10)
  void whatIsPrintedIsReadBackEqual(RepetitionInfo repetition) throws CharacterCodingException {
    var trees = new RandomTree(repetition.getCurrentRepetition());
    for (int i = 0; i < TREES; i++) {
      Json tree = trees.next(DEPTH);
      var out = new JsonWriter();
      byte[] printed = out.value(tree).toByteArray();

      Json back = JsonText.parse(printed);

      assertThat(back).as("tree %d", i).isEqualTo(tree).hasSameHashCodeAs(tree);
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(printed)); // throws if it is not
    }
  }
}
