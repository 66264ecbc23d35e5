package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How values look to people.
class TextTest {
  @Test
  void aSmallTensorIsPrintedWhole() {
    assertThat(Tensor.of(1, 2, 3, 4).reshaped(2, 2))
        .hasToString("[[1, 2],\n [3, 4]] (int32, shape [2, 2])");
    assertThat(Tensor.of(2.5).reshaped()).hasToString("2.5 (float64, shape [])");
    assertThat(Tensor.of(new long[0])).hasToString("[] (int64, shape [0])");
  }

  @Test
  void aLargeTensorIsCut() {
    assertThat(Tensor.of(IntStream.range(0, 2000).toArray()))
        .hasToString("[0, 1, 2, …, 1997, 1998, 1999] (int32, shape [2000])");
  }

  @Test
  void unsignedElementsArePrintedUnsigned() {
    assertThat(Tensor.of(-1L).as(ElementType.UINT64).format(0)).isEqualTo("18446744073709551615");
    assertThat(Tensor.of((byte) -1).as(ElementType.UINT8).format(0)).isEqualTo("255");
  }

  @Test
  void aFrameIsATable() {
    DataFrame frame =
        DataFrame.builder()
            .column("island", Strings.ofOptional(List.of(Optional.of("Dream"), Optional.empty())))
            .column("mass", 3750.0, Double.NaN)
            .build();

    assertThat(frame)
        .hasToString(
            """
               island     mass
               str     float64
            0  Dream    3750.0
            1  None        NaN
            [2 rows x 2 columns]\
            """);
  }

  @Test
  void ofManyRowsTheMiddleIsLeftOut() {
    DataFrame frame =
        DataFrame.builder().column("n", IntStream.range(0, 100).asLongStream().toArray()).build();

    assertThat(frame.toString(4))
        .hasToString(
            """
                    n
                int64
            0       0
            1       1
            …       …
            98     98
            99     99
            [100 rows x 1 columns]\
            """);
  }
}
