package dev.vinery.types;

import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the elements of a [Tensor] are. All are little-endian.
///
/// Source: the type names that the official Python client writes, and those that C++ clients do.
public enum ElementType {
  BOOL("bool", "bool", "|b1", 1),
  INT8("int8", "int8", "|i1", 1),
  UINT8("uint8", "uint8", "|u1", 1),
  INT16("int16", "int16", "<i2", 2),
  UINT16("uint16", "uint16", "<u2", 2),
  INT32("int32", "int", "<i4", 4),
  UINT32("uint32", "uint32", "<u4", 4),
  INT64("int64", "int64", "<i8", 8),
  UINT64("uint64", "uint64", "<u8", 8),
  FLOAT16("float16", "float16", "<f2", 2),
  FLOAT32("float32", "float", "<f4", 4),
  FLOAT64("float64", "double", "<f8", 8),
  /// Two `float32`: the real part and the imaginary one.
  COMPLEX64("complex64", "complex64", "<c8", 8),
  /// Two `float64`: the real part and the imaginary one.
  COMPLEX128("complex128", "complex128", "<c16", 16),
  DATETIME_DAY('M', "D", ChronoUnit.DAYS),
  DATETIME_SECOND('M', "s", ChronoUnit.SECONDS),
  DATETIME_MILLI('M', "ms", ChronoUnit.MILLIS),
  DATETIME_MICRO('M', "us", ChronoUnit.MICROS),
  DATETIME_NANO('M', "ns", ChronoUnit.NANOS),
  DURATION_SECOND('m', "s", ChronoUnit.SECONDS),
  DURATION_MILLI('m', "ms", ChronoUnit.MILLIS),
  DURATION_MICRO('m', "us", ChronoUnit.MICROS),
  DURATION_NANO('m', "ns", ChronoUnit.NANOS);

  /// Stands for a date or a duration that is missing: NumPy's `NaT`.
  public static final long NOT_A_TIME = Long.MIN_VALUE;

  /// Names in type names. Compilers spell small integers differently; `uint` is C++'s.
  private static final Map<String, ElementType> BY_TYPE_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(type -> type.typeName, Function.identity()));

  private static final Map<String, ElementType> BY_CODE =
      Arrays.stream(values())
          .collect(Collectors.toMap(type -> type.numpyCode, Function.identity()));

  private static final Map<String, ElementType> ALIASES =
      Map.ofEntries(
          Map.entry("signed char", INT8),
          Map.entry("int8_t", INT8),
          Map.entry("uint8_t", UINT8),
          Map.entry("int16_t", INT16),
          Map.entry("uint16_t", UINT16),
          Map.entry("int32_t", INT32),
          Map.entry("uint32_t", UINT32),
          Map.entry("int64_t", INT64),
          Map.entry("long", INT64),
          Map.entry("long long", INT64),
          Map.entry("uint64_t", UINT64),
          Map.entry("unsigned char", UINT8),
          Map.entry("short", INT16),
          Map.entry("short int", INT16),
          Map.entry("unsigned short", UINT16),
          Map.entry("short unsigned int", UINT16),
          Map.entry("int32", INT32),
          Map.entry("uint", UINT32),
          Map.entry("float32", FLOAT32),
          Map.entry("float64", FLOAT64));

  private final String numpyName;
  private final String typeName;
  private final String numpyCode;
  private final int sizeBytes;
  private final @Nullable ChronoUnit unit;

  ElementType(String numpyName, String typeName, String numpyCode, int sizeBytes) {
    this.numpyName = numpyName;
    this.typeName = typeName;
    this.numpyCode = numpyCode;
    this.sizeBytes = sizeBytes;
    this.unit = null;
  }

  /// @param kind NumPy's letter: `M` counts from 1970, `m` is a duration
  ElementType(char kind, String suffix, ChronoUnit unit) {
    this.numpyName = (kind == 'M' ? "datetime64[" : "timedelta64[") + suffix + "]";
    this.typeName = numpyName;
    this.numpyCode = "<" + kind + "8[" + suffix + "]";
    this.sizeBytes = Long.BYTES;
    this.unit = unit;
  }

  /// NumPy's name of the type, for example `float64`.
  public String numpyName() {
    return numpyName;
  }

  /// The name in `vineyard::Tensor<…>`, for example `double`.
  String typeName() {
    return typeName;
  }

  /// NumPy's code of the type, for example `<f8`.
  public String numpyCode() {
    return numpyCode;
  }

  public int sizeBytes() {
    return sizeBytes;
  }

  public boolean isFloating() {
    return this == FLOAT16 || this == FLOAT32 || this == FLOAT64;
  }

  public boolean isComplex() {
    return this == COMPLEX64 || this == COMPLEX128;
  }

  /// Whether the elements count units of time from the beginning of 1970.
  public boolean isDatetime() {
    return unit != null && numpyName.startsWith("d");
  }

  /// Whether the elements are lengths of time.
  public boolean isDuration() {
    return unit != null && numpyName.startsWith("t");
  }

  /// Whether the elements are dates or durations.
  public boolean isTime() {
    return unit != null;
  }

  /// What dates and durations count.
  ///
  /// @throws IllegalStateException if the type is no time
  ChronoUnit unit() {
    if (unit == null) {
      throw new IllegalStateException(numpyName + " is no time");
    }
    return unit;
  }

  /// Finds the type by NumPy's code, for example `<f8` or `|b1`.
  public static Optional<ElementType> findCode(String numpyCode) {
    return Optional.ofNullable(BY_CODE.get(numpyCode));
  }

  /// Finds the type by its name in `vineyard::Tensor<…>`, in the spelling of any client.
  static Optional<ElementType> find(String typeName) {
    ElementType type = BY_TYPE_NAME.get(typeName);
    return Optional.ofNullable(type != null ? type : ALIASES.get(typeName));
  }
}
