package dev.vinery.types;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// One value, or a few, of each family of types.
final class Samples {
  private Samples() {}

  static SequencedMap<String, Object> all() {
    var samples = new LinkedHashMap<String, Object>();
    samples.put("whole number", 42L);
    samples.put("number", -2.5);
    samples.put("boolean", true);
    samples.put("text", "žluťoučký kůň 🐎");
    samples.put("map", Map.of("a", List.of(1L, "x"), "b", 2.5));
    samples.put("set", Set.of("x", "y"));
    samples.put("complex", new Complex(1.5, -0.5));
    samples.put("list", List.of(1L, "a", List.of(2.5, Tensor.of(1, 2, 3))));
    samples.put("tensor", Tensor.of(LongStream.range(0, 24).toArray()).reshaped(2, 3, 4));
    samples.put("tensor of none", Tensor.of(new double[0]).reshaped(0, 3));
    samples.put("tensor of times", times());
    samples.put(
        "tensor of complex", Tensor.of(1.0, 2.0, 3.0, 4.0).reinterpreted(ElementType.COMPLEX128));
    samples.put("strings", strings("a", null, "", "é🍇"));
    samples.put(
        "objects", ObjectTensor.of(List.of(2L, 2L), Arrays.asList("a", null, 1L, List.of(2L))));
    samples.put("index", Index.of("letters", Strings.of("x", "y")));
    samples.put("series", Series.of("s", Tensor.of(1.5, Double.NaN), Index.of(Tensor.of(7L, 9L))));
    samples.put("sparse column", sparseColumn());
    samples.put("frame", frame());
    for (SparseMatrix.Form form : SparseMatrix.Form.values()) {
      samples.put("sparse " + form, matrix(form));
    }
    return samples;
  }

  static Strings strings(@Nullable String... values) {
    return Strings.ofOptional(Arrays.stream(values).map(Optional::ofNullable).toList());
  }

  static Tensor times() {
    return Tensor.ofInstants(
        List.of(Optional.of(Instant.parse("2020-02-29T12:00:00Z")), Optional.empty()));
  }

  static SparseColumn sparseColumn() {
    return SparseColumn.of(6, Double.NaN, Tensor.of(1, 4), Tensor.of(0.5, -1.5));
  }

  static DataFrame frame() {
    return DataFrame.builder()
        .column("whole", 1L, 2L)
        .column("real", 0.5, Double.NaN)
        .column("flag", true, false)
        .column("text", strings("x", null))
        .column("time", times())
        .column("zoned", ZonedTimes.of(times(), ZoneId.of("Asia/Singapore")))
        .column("mixed", ObjectTensor.of(1L, "b"))
        .column("sparse", SparseColumn.of(2, 0, Tensor.of(1), Tensor.of(3L)))
        .column("wide", Tensor.of(1, 2, 3, 4, 5, 6).reshaped(2, 3))
        .column(7, Tensor.of(1.5f, 2.5f))
        .index(Index.of("row", Strings.of("r1", "r2")))
        .build();
  }

  /// The matrix
  ///
  /// ```
  /// 1 0 2 0
  /// 0 0 3 0
  /// 0 4 0 0
  /// 0 0 0 5
  /// ```
  ///
  /// in any form.
  static SparseMatrix matrix(SparseMatrix.Form form) {
    return switch (form) {
      case CSR ->
          SparseMatrix.csr(
              4, 4, Tensor.of(1.0, 2, 3, 4, 5), Tensor.of(0, 2, 2, 1, 3), Tensor.of(0, 2, 3, 4, 5));
      case CSC ->
          SparseMatrix.csc(
              4, 4, Tensor.of(1.0, 4, 2, 3, 5), Tensor.of(0, 2, 0, 1, 3), Tensor.of(0, 1, 2, 4, 5));
      case COO ->
          SparseMatrix.coo(
              4, 4, Tensor.of(5.0, 4, 3, 2, 1), Tensor.of(3, 2, 1, 0, 0), Tensor.of(3, 1, 2, 2, 0));
      case BSR ->
          SparseMatrix.bsr(
              4,
              4,
              Tensor.of(1.0, 0, 0, 0, 2, 0, 3, 0, 0, 4, 0, 0, 0, 0, 0, 5).reshaped(4, 2, 2),
              Tensor.of(0, 1, 0, 1),
              Tensor.of(0, 2, 4));
      case DIA ->
          SparseMatrix.dia(
              4,
              4,
              Tensor.of(1.0, 0, 0, 5, 0, 0, 3, 0, 0, 0, 2, 0, 0, 4, 0, 0).reshaped(4, 4),
              Tensor.of(0, 1, 2, -1));
    };
  }
}
