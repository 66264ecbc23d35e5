package dev.vinery.types;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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
  FLOAT64("float64", "double", "<f8", 8);

  /// Names in type names. Compilers spell small integers differently; `uint` is C++'s.
  private static final Map<String, ElementType> BY_TYPE_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(type -> type.typeName, Function.identity()));

  private static final Map<String, ElementType> ALIASES =
      Map.ofEntries(
          Map.entry("signed char", INT8),
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

  ElementType(String numpyName, String typeName, String numpyCode, int sizeBytes) {
    this.numpyName = numpyName;
    this.typeName = typeName;
    this.numpyCode = numpyCode;
    this.sizeBytes = sizeBytes;
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
  String numpyCode() {
    return numpyCode;
  }

  public int sizeBytes() {
    return sizeBytes;
  }

  public boolean isFloating() {
    return this == FLOAT16 || this == FLOAT32 || this == FLOAT64;
  }

  /// Finds the type by its name in `vineyard::Tensor<…>`, in the spelling of any client.
  static Optional<ElementType> find(String typeName) {
    ElementType type = BY_TYPE_NAME.get(typeName);
    return Optional.ofNullable(type != null ? type : ALIASES.get(typeName));
  }
}
