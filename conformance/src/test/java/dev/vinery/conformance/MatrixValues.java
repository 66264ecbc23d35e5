package dev.vinery.conformance;

import dev.vinery.types.Complex;
import dev.vinery.types.DataFrame;
import dev.vinery.types.ElementType;
import dev.vinery.types.Index;
import dev.vinery.types.ObjectTensor;
import dev.vinery.types.Pair;
import dev.vinery.types.Series;
import dev.vinery.types.SparseColumn;
import dev.vinery.types.SparseMatrix;
import dev.vinery.types.Strings;
import dev.vinery.types.Tensor;
import dev.vinery.types.TensorView;
import dev.vinery.types.ZonedTimes;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// The values that Java and Python exchange, by name. Python has the same list in
/// `interop/values.py`, which also says who can put each.
final class MatrixValues {
  private static final ZoneId SINGAPORE = ZoneId.of("Asia/Singapore");

  private MatrixValues() {}

  static SequencedMap<String, Object> all() {
    var values = new LinkedHashMap<String, Object>();
    scalars(values);
    sequences(values);
    numbers(values);
    tensors(values);
    sparse(values);
    series(values);
    frames(values);
    otherFrames(values);
    SpreadValues.addTo(values);
    return values;
  }

  private static void scalars(Map<String, Object> values) {
    values.put("true", true);
    values.put("false", false);
    values.put("zero", 0);
    values.put("negative", -7);
    values.put("largest", Long.MAX_VALUE);
    values.put("smallest", Long.MIN_VALUE);
    values.put("byte", Byte.MIN_VALUE);
    values.put("short", Short.MIN_VALUE);
    values.put("int", Integer.MAX_VALUE);
    values.put("single", 0.25f);
    values.put("half", 0.5);
    values.put("not a number", Double.NaN);
    values.put("infinite", Double.NEGATIVE_INFINITY);
    values.put("beyond 64 bits", BigInteger.TWO.pow(100));
    values.put("many digits", 0.1);
    values.put("text", "aé\u0000\ud83c\udf47 \"quoted\"\n");
    values.put("empty text", "");
    values.put("nothing", Optional.empty());
    values.put("complex number", new Complex(1.5, -2));
    values.put("bytes", new byte[] {0, -1, -128});
    values.put("no bytes", new byte[0]);
  }

  private static void sequences(Map<String, Object> values) {
    values.put("list", Arrays.asList(1, "a", 2.5, null, true, List.of(3, List.of("b"))));
    values.put("empty list", List.of());
    values.put("list of bytes", List.of(new byte[] {'x', 'y', 'z'}, new byte[0]));
    values.put("list of tensors", List.of(Tensor.of(1, 2), Tensor.of(0.5)));
    values.put("pair", new Pair("key", 42));
    var map = new LinkedHashMap<Object, Object>();
    map.put("a", List.of(1L, Arrays.asList(2.5, null)));
    map.put("é", Map.of("deep", true));
    map.put(3L, "x");
    map.put("big", BigInteger.TWO.pow(80));
    values.put("dictionary", map);
    values.put("empty dictionary", Map.of());
    values.put(
        "dictionary of bytes",
        Map.of("b", new byte[] {'x'}, "c", Set.of(true), "t", List.of(1L, 2L)));
    values.put("set", Set.of("a", "b"));
  }

  private static void numbers(Map<String, Object> values) {
    values.put("tensor int8", Tensor.of(new byte[] {-128, 0, 1, 127}));
    values.put("tensor uint8", Tensor.of(new byte[] {0, 0, 1, -1}).as(ElementType.UINT8));
    values.put("tensor int16", Tensor.of(new short[] {Short.MIN_VALUE, 0, 1, Short.MAX_VALUE}));
    values.put("tensor uint16", Tensor.of(new short[] {0, 0, 1, -1}).as(ElementType.UINT16));
    values.put("tensor int32", Tensor.of(Integer.MIN_VALUE, 0, 1, Integer.MAX_VALUE));
    values.put("tensor uint32", Tensor.of(0, 0, 1, -1).as(ElementType.UINT32));
    values.put("tensor int64", Tensor.of(Long.MIN_VALUE, 0L, 1L, Long.MAX_VALUE));
    values.put("tensor uint64", Tensor.of(0L, 0L, 1L, -1L).as(ElementType.UINT64));
    values.put(
        "tensor float16",
        Tensor.of(new short[] {half(-65504), half(0), half(1), half(65504)})
            .as(ElementType.FLOAT16));
    values.put("tensor float32", Tensor.of(-Float.MAX_VALUE, 0f, 1f, Float.MAX_VALUE));
    values.put("tensor float64", Tensor.of(-Double.MAX_VALUE, 0.0, 1.0, Double.MAX_VALUE));
    values.put("tensor bool", Tensor.of(true, false, true));
    values.put(
        "tensor complex64", Tensor.of(1f, 2f, -0f, -0.5f).reinterpreted(ElementType.COMPLEX64));
    values.put(
        "tensor complex128",
        Tensor.of(1, 2, Double.NaN, Double.POSITIVE_INFINITY)
            .reinterpreted(ElementType.COMPLEX128)
            .reshaped(2, 1));
    values.put(
        "tensor odd numbers",
        Tensor.of(
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            -0.0,
            Double.MIN_VALUE));
  }

  private static short half(float value) {
    return Float.floatToFloat16(value);
  }

  private static void tensors(Map<String, Object> values) {
    values.put("tensor of dates", dates("1969-12-31T23:59:59Z", null, "2262-04-11T00:00:00Z"));
    values.put("tensor of days", Tensor.of(1, ElementType.NOT_A_TIME).as(ElementType.DATETIME_DAY));
    values.put("tensor of durations", Tensor.of(-1, 0, 1L << 62).as(ElementType.DURATION_MICRO));
    values.put("tensor of one", Tensor.of(3.5).reshaped());
    values.put("tensor of none", Tensor.of(new short[0]));
    values.put("tensor of no columns", Tensor.of(new double[0]).reshaped(2, 0));
    Tensor matrix = Tensor.of(LongStream.range(0, 6).toArray()).reshaped(2, 3);
    values.put("tensor 2 x 3", matrix);
    float[] floats = new float[24];
    IntStream.range(0, 24).forEach(i -> floats[i] = i);
    values.put("tensor 2 x 3 x 4", Tensor.of(floats).reshaped(2, 3, 4));
    values.put(
        "column-major tensor",
        TensorView.columnMajor(
            ElementType.INT64, List.of(2L, 3L), Tensor.of(0L, 3, 1, 4, 2, 5).values()));
    values.put(
        "every second column",
        Tensor.of(IntStream.range(0, 12).toArray()).reshaped(3, 4).view().slice(1, 0, 4, 2));
    values.put("tensor of texts", strings("a", null, "", "é\ud83c\udf47"));
    values.put("tensor of no texts", Strings.of());
    values.put(
        "tensor of texts 2 x 2",
        ObjectTensor.of(List.of(2L, 2L), List.of("a", "bcd", "", "é\ud83c\udf47")));
    values.put("tensor of objects", ObjectTensor.of(1L, "a", null, 2.5, true));
    values.put(
        "tensor of objects 2 x 2",
        ObjectTensor.of(List.of(2L, 2L), Arrays.asList(1L, "a", null, List.of(2L))));
  }

  static Tensor dates(@Nullable String... instants) {
    return Tensor.ofInstants(
        Arrays.stream(instants)
            .map(each -> Optional.ofNullable(each).map(Instant::parse))
            .toList());
  }

  static Strings strings(@Nullable String... values) {
    return Strings.ofOptional(Arrays.stream(values).map(Optional::ofNullable).toList());
  }

  private static void sparse(Map<String, Object> values) {
    Tensor ordered = Tensor.of(1.0, 2, 3, 4, 5);
    Tensor columns = Tensor.of(0, 2, 2, 1, 3);
    values.put("matrix csr", SparseMatrix.csr(4, 4, ordered, columns, Tensor.of(0, 2, 3, 4, 5)));
    values.put(
        "matrix csc",
        SparseMatrix.csc(
            4, 4, Tensor.of(1.0, 4, 2, 3, 5), Tensor.of(0, 2, 0, 1, 3), Tensor.of(0, 1, 2, 4, 5)));
    values.put("matrix coo", SparseMatrix.coo(4, 4, ordered, Tensor.of(0, 0, 1, 2, 3), columns));
    values.put(
        "matrix dia",
        SparseMatrix.dia(
            4,
            4,
            Tensor.of(0, 4, 0, 0, 1.0, 0, 0, 5, 0, 0, 3, 0, 0, 0, 2, 0).reshaped(4, 4),
            Tensor.of(-1, 0, 1, 2)));
    values.put(
        "matrix bsr",
        SparseMatrix.bsr(
            4,
            4,
            Tensor.of(1.0, 0, 0, 0, 2, 0, 3, 0, 0, 4, 0, 0, 0, 0, 0, 5).reshaped(4, 2, 2),
            Tensor.of(0, 1, 0, 1),
            Tensor.of(0, 2, 4)));
    values.put(
        "matrix of nothing",
        SparseMatrix.csr(
            3, 2, Tensor.of(new float[0]), Tensor.of(new int[0]), Tensor.of(0, 0, 0, 0)));
    values.put(
        "sparse column", SparseColumn.of(4, Double.NaN, Tensor.of(1, 3), Tensor.of(0.5, -1.5)));
    values.put("sparse whole numbers", SparseColumn.of(4, 0, Tensor.of(1), Tensor.of(3L)));
  }

  private static void series(Map<String, Object> values) {
    values.put("index", Index.of("letters", Strings.of("x", "y")));
    values.put("index of numbers", Index.of(Tensor.of(3L, 1, 2)));
    values.put("index of dates", Index.of(dates("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z")));
    values.put("series", Series.of("s", Tensor.of(1.5, Double.NaN)));
    values.put("series of times in a zone", Series.of("t", zonedObjects()));
    values.put("index of dates in a zone", Index.of("when", zonedDays()));
    values.put(
        "series with labels", Series.of("t", strings("a", null), Index.of(Strings.of("x", "y"))));
  }

  private static ZonedTimes zonedDays() {
    return ZonedTimes.of(dates("2019-12-31T16:00:00Z", "2020-12-31T16:00:00Z"), SINGAPORE);
  }

  private static ObjectTensor zonedObjects() {
    return ObjectTensor.of(
        LocalDate.of(2020, 1, 1).atStartOfDay(SINGAPORE),
        LocalDate.of(2021, 1, 1).atStartOfDay(SINGAPORE));
  }

  private static void frames(Map<String, Object> frames) {
    frames.put(
        "frame",
        DataFrame.builder()
            .column("whole", 1, -2, 1L << 62)
            .column("real", 0.5, Double.NaN, Double.POSITIVE_INFINITY)
            .column("flag", true, false, true)
            .column("text", strings("a", null, "é"))
            .column("byte", Tensor.of(new byte[] {1, 2, -1}).as(ElementType.UINT8))
            .column("single", Tensor.of(1.5f, 2.5f, Float.NaN))
            .build());
    frames.put(
        "frame with numbers for names",
        DataFrame.builder()
            .column(0, Tensor.of(1.5, 2.5))
            .column(7, Tensor.of(true, false))
            .build());
    frames.put(
        "frame with mixed names",
        DataFrame.builder()
            .column("a", 1L, 2L)
            .column(1, Tensor.of(0.5, 1.5))
            .column(2, Tensor.of(true, false))
            .build());
    frames.put(
        "frame with nested names",
        DataFrame.builder().column(List.of("x"), Tensor.of(1L, 2, 3)).build());
    frames.put(
        "frame with named rows",
        DataFrame.builder().column("a", 1L, 2L).index(Strings.of("x", "y")).build());
    frames.put(
        "frame with a named index",
        DataFrame.builder().column("a", 1L, 2L).index(Index.of("y", Tensor.of(8L, 9L))).build());
    frames.put(
        "frame without rows",
        DataFrame.builder()
            .column("a", Tensor.of(new double[0]))
            .column("b", Tensor.of(new long[0]))
            .build());
    frames.put("frame without columns", DataFrame.builder().build());
    frames.put("frame of one cell", DataFrame.builder().column("only", -1L).build());
  }

  private static void otherFrames(Map<String, Object> frames) {
    frames.put(
        "frame with times",
        DataFrame.builder()
            .column("when", dates("2020-01-01T00:00:00Z", null, "2262-04-11T23:47:16.854775807Z"))
            .build());
    Tensor midnight = dates("2019-12-31T16:00:00Z", null);
    ZonedTimes singapore = ZonedTimes.of(midnight, SINGAPORE);
    frames.put(
        "frame with times in zones",
        DataFrame.builder()
            .column("utc", ZonedTimes.of(dates("2020-01-01T00:00:00Z", null), ZoneOffset.UTC))
            .column("pytz", singapore)
            .column("offset", ZonedTimes.of(midnight, ZoneOffset.ofHours(8)))
            .build());
    frames.put(
        "frame with times in a zone of zoneinfo",
        DataFrame.builder().column("zoneinfo", singapore).build());
    frames.put(
        "frame with times in a zone for rows",
        DataFrame.builder().column("n", 1L, 2L).index(Index.of("when", zonedDays())).build());
    frames.put(
        "frame with durations",
        DataFrame.builder()
            .column(
                "long",
                Tensor.of(1_000_000_000L, ElementType.NOT_A_TIME, -5_000_000_000L)
                    .as(ElementType.DURATION_NANO))
            .build());
    frames.put(
        "frame with dates for rows",
        DataFrame.builder()
            .column("n", 1L, 2L)
            .index(dates("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"))
            .build());
    frames.put(
        "frame with objects",
        DataFrame.builder().column("o", ObjectTensor.of(1L, "b", null, 2.5)).build());
    frames.put(
        "frame with missing texts",
        DataFrame.builder().column("t", strings("a", null, "c")).build());
    frames.put(
        "frame with sparse columns",
        DataFrame.builder()
            .column("s", SparseColumn.of(3, Double.NaN, Tensor.of(1), Tensor.of(0.5)))
            .build());
    frames.put(
        "frame with arrays",
        DataFrame.builder().column("d", Tensor.of(0.0, 1, 2, 3, 4, 5).reshaped(3, 2)).build());
  }
}
