package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
  private static final List<String> FLAGS = List.of("size", "socket", "spill_path", "v");

  @Test
  void aSlipIsRecognised() {
    assertThat(Spelling.nearest("sise", FLAGS)).contains("size");
    assertThat(Spelling.nearest("scoket", FLAGS)).contains("socket");
    assertThat(Spelling.nearest("spill-path", FLAGS)).contains("spill_path");
  }

  @Test
  void anotherWordIsNotASlip() {
    assertThat(Spelling.nearest("frobnicate", FLAGS)).isEmpty();
  }

  @Test
  void aSingleLetterIsNeverGuessed() {
    assertThat(Spelling.nearest("x", FLAGS)).isEmpty();
    assertThat(Spelling.nearest("vv", List.of("v"))).isEmpty();
  }
}
