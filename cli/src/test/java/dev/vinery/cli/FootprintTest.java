package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import org.junit.jupiter.api.Test;

class FootprintTest {
  private static Metadata blob(long number, long sizeBytes) {
    return Metadata.ofBlob(new ObjectId(Long.MIN_VALUE | number), sizeBytes, 0);
  }

  @Test
  void aBlobThatIsThereTwiceCountsOnce() {
    Metadata inner = Metadata.builder("inner").put("a", blob(1, 100)).build();
    Metadata outer =
        Metadata.builder("outer")
            .put("nbytes", 7)
            .put("inner", inner)
            .put("a", blob(1, 100))
            .put("b", blob(2, 20))
            .build();

    assertThat(Footprint.of(outer).bytes()).isEqualTo(120);
  }

  @Test
  void whereNoBlobTellsItsLengthTheMetadataIsBelieved() {
    Metadata object = Metadata.builder("object").put("nbytes", 7).put("a", blob(1, 0)).build();

    assertThat(Footprint.of(object).bytes()).isEqualTo(7);
  }

  @Test
  void ofPartsThatClaimMoreThanTheWholeThePartsAreBelieved() {
    Metadata part = Metadata.builder("part").put("nbytes", 7).put("a", blob(1, 0)).build();
    Metadata whole =
        Metadata.builder("whole").put("nbytes", 0).put("one", part).put("two", part).build();

    assertThat(Footprint.of(whole).bytes()).isEqualTo(14);
  }

  @Test
  void withoutBlobsThereIsNoMemoryWhateverTheMetadataSays() {
    assertThat(Footprint.of(Metadata.builder("object").put("nbytes", 7).build()).bytes()).isZero();
  }
}
