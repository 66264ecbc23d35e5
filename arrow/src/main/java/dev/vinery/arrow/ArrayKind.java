package dev.vinery.arrow;

import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/// How the elements of a stored array lie in memory: what its type name says. Immutable.
sealed interface ArrayKind {
  String NUMERIC_PREFIX = "vineyard::NumericArray<";
  String BOOLEAN = "vineyard::BooleanArray";
  String NULL = "vineyard::NullArray";
  String FIXED_SIZE_BINARY = "vineyard::FixedSizeBinaryArray";
  String LARGE_STRING = "vineyard::BaseBinaryArray<arrow::LargeStringArray>";

  /// The name under which Python reads binaries; it writes them under another one.
  String LARGE_BINARY = "vineyard::LargeBinaryArray";

  /// Python's name of lists of any width.
  String LIST = "vineyard::LargeListArray";

  String FIXED_SIZE_LIST = "vineyard::FixedSizeListArray";

  /// Numbers, dates and times.
  ///
  /// @param type what one element is
  /// @param sizeBytes of one element: 1, 2, 4 or 8
  record Fixed(ArrowType type, int sizeBytes) implements ArrayKind {}

  /// One bit for each element.
  record Bits() implements ArrayKind {}

  /// Nothing but a length.
  record Nulls() implements ArrayKind {}

  /// Bytes, of one width that the metadata tells.
  record FixedBinary() implements ArrayKind {}

  /// Strings or bytes behind each other.
  ///
  /// @param text whether they are UTF-8
  /// @param large whether offsets have 64 bits, else 32
  record Variable(boolean text, boolean large) implements ArrayKind {
    ArrowType type() {
      if (text) {
        return large ? ArrowType.LargeUtf8.INSTANCE : ArrowType.Utf8.INSTANCE;
      }
      return large ? ArrowType.LargeBinary.INSTANCE : ArrowType.Binary.INSTANCE;
    }
  }

  /// Lists whose values are an array.
  ///
  /// @param large whether offsets have 64 bits, else 32
  record Lists(boolean large) implements ArrayKind {
    ArrowType type() {
      return large ? ArrowType.LargeList.INSTANCE : ArrowType.List.INSTANCE;
    }
  }

  /// Lists of one length that the metadata tells.
  record FixedLists() implements ArrayKind {}

  /// Numbers in the spellings of all clients: Python's for arrays, NumPy's, and those of C++, which
  /// differ from compiler to compiler.
  Map<String, Fixed> NUMBERS =
      Map.ofEntries(
          Map.entry("int8", whole(8, true)),
          Map.entry("signed char", whole(8, true)),
          Map.entry("uint8", whole(8, false)),
          Map.entry("unsigned char", whole(8, false)),
          Map.entry("int16", whole(16, true)),
          Map.entry("short", whole(16, true)),
          Map.entry("short int", whole(16, true)),
          Map.entry("uint16", whole(16, false)),
          Map.entry("unsigned short", whole(16, false)),
          Map.entry("short unsigned int", whole(16, false)),
          Map.entry("int", whole(32, true)),
          Map.entry("int32", whole(32, true)),
          Map.entry("uint", whole(32, false)),
          Map.entry("uint32", whole(32, false)),
          Map.entry("int64", whole(64, true)),
          Map.entry("uint64", whole(64, false)),
          Map.entry("halffloat", real(FloatingPointPrecision.HALF, 2)),
          Map.entry("float16", real(FloatingPointPrecision.HALF, 2)),
          Map.entry("float", real(FloatingPointPrecision.SINGLE, 4)),
          Map.entry("float32", real(FloatingPointPrecision.SINGLE, 4)),
          Map.entry("double", real(FloatingPointPrecision.DOUBLE, 8)),
          Map.entry("float64", real(FloatingPointPrecision.DOUBLE, 8)),
          Map.entry("date32[day]", new Fixed(new ArrowType.Date(DateUnit.DAY), 4)),
          Map.entry("datetime64[D]", new Fixed(new ArrowType.Date(DateUnit.DAY), 4)),
          Map.entry("date64[ms]", new Fixed(new ArrowType.Date(DateUnit.MILLISECOND), 8)),
          Map.entry("time32[s]", time(TimeUnit.SECOND, 32)),
          Map.entry("time32[ms]", time(TimeUnit.MILLISECOND, 32)),
          Map.entry("time64[us]", time(TimeUnit.MICROSECOND, 64)),
          Map.entry("time64[ns]", time(TimeUnit.NANOSECOND, 64)));

  private static Fixed whole(int bits, boolean signed) {
    return new Fixed(new ArrowType.Int(bits, signed), bits / 8);
  }

  private static Fixed real(FloatingPointPrecision precision, int sizeBytes) {
    return new Fixed(new ArrowType.FloatingPoint(precision), sizeBytes);
  }

  private static Fixed time(TimeUnit unit, int bits) {
    return new Fixed(new ArrowType.Time(unit, bits), bits / 8);
  }

  /// The kind of an array of this type name; nothing if it is none that has a layout here.
  static Optional<ArrayKind> of(String typeName) {
    if (typeName.startsWith(NUMERIC_PREFIX) && typeName.endsWith(">")) {
      return number(typeName.substring(NUMERIC_PREFIX.length(), typeName.length() - 1));
    }
    return Optional.ofNullable(
        switch (typeName) {
          case BOOLEAN -> new Bits();
          case NULL -> new Nulls();
          case FIXED_SIZE_BINARY -> new FixedBinary();
          case LARGE_STRING, "vineyard::LargeStringArray" -> new Variable(true, true);
          case "vineyard::BaseBinaryArray<arrow::StringArray>" -> new Variable(true, false);
          case LARGE_BINARY, "vineyard::BaseBinaryArray<arrow::LargeBinaryArray>" ->
              new Variable(false, true);
          case "vineyard::BaseBinaryArray<arrow::BinaryArray>" -> new Variable(false, false);
          case LIST, "vineyard::BaseListArray<arrow::LargeListArray>" -> new Lists(true);
          case "vineyard::BaseListArray<arrow::ListArray>" -> new Lists(false);
          case FIXED_SIZE_LIST -> new FixedLists();
          default -> null;
        });
  }

  private static Optional<ArrayKind> number(String name) {
    Fixed number = NUMBERS.get(name);
    if (number != null) {
      return Optional.of(number);
    }
    int bracket = name.indexOf('[');
    if (bracket < 0 || !name.endsWith("]")) {
      return Optional.empty();
    }
    String[] parameters = name.substring(bracket + 1, name.length() - 1).split(", tz=", 2);
    TimeUnit unit = UNITS.get(parameters[0]);
    if (unit == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        switch (name.substring(0, bracket)) {
          case "timestamp" -> timestamp(unit, parameters.length == 2 ? parameters[1] : "");
          case "datetime64" -> timestamp(unit, "");
          case "duration", "timedelta64" -> new Fixed(new ArrowType.Duration(unit), 8);
          default -> null;
        });
  }

  @SuppressWarnings("NullAway") // for Arrow a timestamp without a zone has null for one
  private static Fixed timestamp(TimeUnit unit, String zone) {
    return new Fixed(new ArrowType.Timestamp(unit, zone.isEmpty() ? null : zone), 8);
  }

  Map<String, TimeUnit> UNITS =
      Map.of(
          "s",
          TimeUnit.SECOND,
          "ms",
          TimeUnit.MILLISECOND,
          "us",
          TimeUnit.MICROSECOND,
          "ns",
          TimeUnit.NANOSECOND);

  /// The name in `vineyard::NumericArray<…>` under which Python reads elements of this type, or, if
  /// it reads them under none, that under which it writes them; nothing if it is no number.
  ///
  /// Python writes `float` and reads it as 64 bits; it writes `timestamp[us]` and reads that not at
  /// all. But it reads each under the name that NumPy has for it.
  static Optional<Fixed> number(ArrowType type) {
    return nameOf(type).flatMap(ArrayKind::number).map(Fixed.class::cast);
  }

  /// The name of a type of numbers, as [#number(ArrowType)] says.
  static Optional<String> nameOf(ArrowType type) {
    return Optional.ofNullable(
        switch (type) {
          case ArrowType.Int whole -> (whole.getIsSigned() ? "int" : "uint") + whole.getBitWidth();
          case ArrowType.FloatingPoint real ->
              switch (real.getPrecision()) {
                case HALF -> "float16";
                case SINGLE -> "float32";
                case DOUBLE -> "double";
              };
          case ArrowType.Date date ->
              date.getUnit() == DateUnit.DAY ? "datetime64[D]" : "date64[ms]";
          case ArrowType.Time time ->
              "time" + time.getBitWidth() + "[" + unit(time.getUnit()) + "]";
          case ArrowType.Timestamp stamp ->
              stamp.getTimezone() == null
                  ? "datetime64[" + unit(stamp.getUnit()) + "]"
                  : "timestamp[" + unit(stamp.getUnit()) + ", tz=" + stamp.getTimezone() + "]";
          case ArrowType.Duration duration -> "timedelta64[" + unit(duration.getUnit()) + "]";
          default -> null;
        });
  }

  private static String unit(TimeUnit unit) {
    return switch (unit) {
      case SECOND -> "s";
      case MILLISECOND -> "ms";
      case MICROSECOND -> "us";
      case NANOSECOND -> "ns";
    };
  }
}
