package dev.vinery.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.types.Column;
import dev.vinery.types.DataFrame;
import dev.vinery.types.ElementType;
import dev.vinery.types.Index;
import dev.vinery.types.ObjectTensor;
import dev.vinery.types.SparseColumn;
import dev.vinery.types.Strings;
import dev.vinery.types.Tensor;
import dev.vinery.types.ZonedTimes;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Frames copied into tables of Arrow.
final class FrameVectorsTest {
  private BufferAllocator memory;

  @BeforeEach
  void openMemory() {
    memory = new RootAllocator();
  }

  @AfterEach
  void nothingIsLeft() {
    memory.close();
  }

  private List<@Nullable Object> copied(Column column) {
    try (ArrowTable table =
        ArrowTable.copyOf(DataFrame.builder().column("c", column).build(), memory)) {
      table.requireLayouts();
      List<@Nullable Object> values = new ArrayList<>();
      for (int i = 0; i < table.rowCount(); i++) {
        values.add(table.column("c").value(i));
      }
      return values;
    }
  }

  @Test
  void columnsOfEveryKindKeepTheirValues() {
    assertThat(copied(Tensor.of(1L, Long.MIN_VALUE))).containsExactly(1L, Long.MIN_VALUE);
    assertThat(copied(Tensor.of(-1, 5).as(ElementType.UINT32))).containsExactly(4294967295L, 5L);
    assertThat(copied(Tensor.of(-1L).as(ElementType.UINT64)))
        .containsExactly(BigInteger.TWO.pow(64).subtract(BigInteger.ONE));
    assertThat(copied(Tensor.of(new byte[] {-1}))).containsExactly((byte) -1);
    assertThat(copied(Tensor.of(1.5, Double.NaN, Double.POSITIVE_INFINITY)))
        .containsExactly(1.5, null, Double.POSITIVE_INFINITY);
    assertThat(copied(Tensor.of(0.5f))).containsExactly(0.5f);
    assertThat(copied(Tensor.of(true, false, true))).containsExactly(true, false, true);
    assertThat(copied(Strings.ofOptional(List.of(Optional.of("žů"), Optional.empty()))))
        .containsExactly("žů", null);
    assertThat(copied(ObjectTensor.of("a", null, Double.NaN))).containsExactly("a", null, null);
    assertThat(copied(SparseColumn.of(3, 0, Tensor.of(1), Tensor.of(7L))))
        .containsExactly(0.0, 7.0, 0.0);
    assertThat(copied(Tensor.of(new double[0]))).isEmpty();
  }

  @Test
  void timesKeepTheirUnit() {
    assertThat(
            copied(
                Tensor.ofInstants(
                    Arrays.asList(
                        Optional.of(Instant.parse("2020-01-02T03:04:05Z")), Optional.empty()))))
        .containsExactly(LocalDateTime.parse("2020-01-02T03:04:05"), null);
    assertThat(copied(Tensor.of(1, ElementType.NOT_A_TIME).as(ElementType.DATETIME_DAY)))
        .containsExactly(LocalDate.parse("1970-01-02"), null);
    assertThat(copied(Tensor.of(-1L, ElementType.NOT_A_TIME).as(ElementType.DURATION_MILLI)))
        .containsExactly(Duration.ofMillis(-1), null);
  }

  @Test
  void timesKeepTheirZone() {
    Instant noon = Instant.parse("2020-01-02T12:00:00.000000001Z");
    var times =
        ZonedTimes.ofInstants(
            ZoneId.of("Asia/Singapore"), List.of(Optional.of(noon), Optional.empty()));
    DataFrame frame = DataFrame.builder().column("when", times).build();

    try (ArrowTable table = ArrowTable.copyOf(frame, memory)) {
      assertThat(table.schema().findField("when").getType())
          .isEqualTo(new ArrowType.Timestamp(TimeUnit.NANOSECOND, "Asia/Singapore"));
      assertThat(table.column(0).value(0)).isEqualTo(noon);
      assertThat(table.column(0).value(1)).isNull();
    }
  }

  @Test
  void aColumnWithoutAFormIsRefusedByName() {
    for (Column column :
        List.of(
            ObjectTensor.of(1L, "x"),
            Tensor.of(0.0, 1).reinterpreted(ElementType.COMPLEX128),
            Tensor.of(0.0, 1, 2, 3).reshaped(2, 2))) {
      DataFrame frame = DataFrame.builder().column("bad", column).build();

      assertThatThrownBy(() -> ArrowTable.copyOf(frame, memory))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'bad'");
    }
  }

  @Test
  void labelsOfRowsBecomeAColumnOfTheirOwn() {
    DataFrame frame =
        DataFrame.builder().column("index", 1L, 2L).index(Index.of(Strings.of("x", "y"))).build();

    assertThat(frame.labelsAsColumn().columnNames()).containsExactly("index_", "index");
    assertThat(frame.labelsAsColumn().index()).isEmpty();
    assertThat(frame.labelsAsColumn().labelsAsColumn().columnNames()).hasSize(2);
  }
}
