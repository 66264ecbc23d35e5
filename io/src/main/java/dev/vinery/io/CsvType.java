package dev.vinery.io;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/// What the values of a column are.
enum CsvType {
  INT8(1, "int8"),
  INT16(2, "int16 short"),
  INT32(4, "int32 int"),
  INT64(8, "int64 long"),
  FLOAT32(4, "float32 float"),
  FLOAT64(8, "float64 double"),
  BOOL(0, "bool boolean"),
  TIMESTAMP(8, "timestamp timestamp[ns] datetime64[ns]"),
  TEXT(0, "string str utf8 large_string");

  private final int sizeBytes;
  private final String names;

  CsvType(int sizeBytes, String names) {
    this.sizeBytes = sizeBytes;
    this.names = names;
  }

  ArrowType arrowType() {
    return switch (this) {
      case INT8, INT16, INT32, INT64 -> new ArrowType.Int(8 * sizeBytes, true);
      case FLOAT32 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case FLOAT64 -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case BOOL -> ArrowType.Bool.INSTANCE;
      case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.NANOSECOND, null);
      case TEXT -> ArrowType.Utf8.INSTANCE;
    };
  }

  /// Of one value, in bytes; 0 if values have no size of their own.
  int sizeBytes() {
    return sizeBytes;
  }

  private List<String> names() {
    return List.of(names.split(" ", -1));
  }

  /// What people call it.
  String title() {
    return names().getFirst();
  }

  /// @throws IllegalArgumentException if there is no such type
  static CsvType of(String name) {
    String lower = name.strip().toLowerCase(Locale.ROOT);
    for (CsvType type : values()) {
      if (type.names().contains(lower)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "there is no type '%s' of columns, only %s"
            .formatted(
                name,
                Arrays.stream(values()).map(CsvType::title).collect(Collectors.joining(", "))));
  }
}
