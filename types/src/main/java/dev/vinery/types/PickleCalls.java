package dev.vinery.types;

import dev.vinery.types.PickleReader.UnreadableException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The few functions that a pickle may call: those by which NumPy makes arrays and numbers, pandas
/// columns of times, and Python complex numbers; and those of [PickleZones]. Each function makes
/// data of data; any other name ends the reading.
///
/// Source: what `pickletools` shows of pickles that Python 3, NumPy and pandas write.
final class PickleCalls {
  private static final int ARRAY_STATE_PARTS = 5;
  private static final int TYPE_STATE_PARTS_WITH_UNIT = 9;

  /// The element type of times in a time zone.
  private static final String ZONED_TYPE = "pandas.core.dtypes.dtypes.DatetimeTZDtype";

  private PickleCalls() {}

  /// A function or class, by its name.
  record Global(String name) {}

  /// The element type of an array. The unit of times comes after it was made.
  private static final class ArrayType {
    private final String code;
    private String unit = "";
    private @Nullable ZoneId zone;

    private ArrayType(String code) {
      this.code = code;
    }

    private Optional<ElementType> elementType() {
      String order = code.endsWith("1") ? "|" : "<";
      return ElementType.findCode(order + code + (unit.isEmpty() ? "" : "[" + unit + "]"));
    }
  }

  /// An array, which is filled after it was made.
  private static final class ArrayInMaking {
    private @Nullable Column values;
  }

  /// The value itself, or the array that it became.
  ///
  /// @throws UnreadableException if it is no value, but what a value is made of
  static @Nullable Object plain(@Nullable Object value) throws UnreadableException {
    return switch (value) {
      case ArrayInMaking array -> {
        if (array.values == null) {
          throw new UnreadableException("an array without elements");
        }
        yield array.values;
      }
      case Global(var name) -> throw new UnreadableException("the class or function " + name);
      case ArrayType type -> throw new UnreadableException("the element type " + type.code);
      case null, default -> value;
    };
  }

  /// Calls a function by its name.
  ///
  /// @throws UnreadableException if it is none of those that are known
  static Object call(@Nullable Object function, @Nullable Object arguments)
      throws UnreadableException {
    if (!(function instanceof Global global) || !(arguments instanceof List<?> list)) {
      throw new UnreadableException("a call of what is no function");
    }
    String name = global.name();
    return switch (name) {
      case "numpy.core.multiarray._reconstruct",
          "numpy._core.multiarray._reconstruct",
          "pandas._libs.arrays.__pyx_unpickle_NDArrayBacked" ->
          new ArrayInMaking();
      case "numpy.dtype" -> new ArrayType(argument(name, list, 0, String.class));
      case "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar" ->
          scalar(argument(name, list, 0, ArrayType.class), argument(name, list, 1, byte[].class));
      case "builtins.complex" ->
          new Complex(argument(name, list, 0, Double.class), argument(name, list, 1, Double.class));
      case "pandas._libs.tslibs.timestamps._unpickle_timestamp" -> timestamp(name, list);
      case ZONED_TYPE ->
          zonedType(argument(name, list, 0, String.class), argument(name, list, 1, String.class));
      default ->
          PickleZones.call(name, list)
              .orElseThrow(() -> new UnreadableException("a call of " + name));
    };
  }

  /// Makes an object of a class, whose state follows: the element type of times in a time zone.
  ///
  /// @throws UnreadableException if it is of any other class
  static Object create(@Nullable Object type, @Nullable Object arguments)
      throws UnreadableException {
    if (new Global(ZONED_TYPE).equals(type) && List.of().equals(arguments)) {
      return new ArrayType("M8");
    }
    throw new UnreadableException("an object of " + type);
  }

  private static ArrayType zonedType(String unit, String zone) throws UnreadableException {
    var type = new ArrayType("M8");
    type.unit = unit;
    type.zone = PickleZones.named(zone);
    return type;
  }

  private static <T> T argument(String function, List<?> arguments, int index, Class<T> type)
      throws UnreadableException {
    Object argument = index < arguments.size() ? arguments.get(index) : null;
    if (!type.isInstance(argument)) {
      throw new UnreadableException("a call of " + function + " with other arguments");
    }
    return type.cast(argument);
  }

  private static Object scalar(ArrayType type, byte[] bytes) throws UnreadableException {
    ElementType elementType = known(type);
    if (bytes.length != elementType.sizeBytes()) {
      throw new UnreadableException("a number of " + bytes.length + " bytes");
    }
    Tensor tensor = Tensor.of(elementType, List.of(), MemorySegment.ofArray(bytes));
    if (elementType == ElementType.BOOL) {
      return tensor.getBoolean(0);
    }
    if (elementType.isComplex()) {
      return tensor.getComplex(0);
    }
    if (elementType.isFloating()) {
      return tensor.getDouble(0);
    }
    return elementType.isTime() || elementType == ElementType.UINT64
        ? tensor
        : (Object) tensor.getLong(0);
  }

  private static ElementType known(ArrayType type) throws UnreadableException {
    return type.elementType()
        .orElseThrow(() -> new UnreadableException("elements of type " + type.code));
  }

  /// The arguments are a count, a frequency, a time zone, and pandas' number of a unit. The count
  /// is that of UTC, whatever the zone.
  ///
  /// @return an `Instant`, or with a zone a `ZonedDateTime`
  private static Object timestamp(String function, List<?> arguments) throws UnreadableException {
    long count = argument(function, arguments, 0, Long.class);
    ChronoUnit unit =
        switch ((int) (long) argument(function, arguments, 3, Long.class)) {
          case 7 -> ChronoUnit.SECONDS;
          case 8 -> ChronoUnit.MILLIS;
          case 9 -> ChronoUnit.MICROS;
          case 10 -> ChronoUnit.NANOS;
          default -> throw new UnreadableException("a time of unknown unit");
        };
    try {
      Instant instant = Instant.EPOCH.plus(count, unit);
      return arguments.get(2) instanceof ZoneId zone
          ? instant.atZone(ZonedTimes.plain(zone))
          : instant;
    } catch (ArithmeticException | DateTimeException beyond) {
      throw new UnreadableException("a time beyond what an instant can be");
    }
  }

  /// Gives what a function made its contents.
  ///
  /// @throws UnreadableException if it takes none of that form
  static void setState(@Nullable Object target, @Nullable Object state) throws UnreadableException {
    if (target instanceof ArrayType type && state instanceof Map<?, ?> zoned) {
      if (!(zoned.get("tz") instanceof ZoneId zone)) {
        throw new UnreadableException("times in a time zone that is none");
      }
      type.unit = String.valueOf(zoned.get("unit"));
      type.zone = zone;
      return;
    }
    if (!(state instanceof List<?> parts)) {
      throw new UnreadableException("a state that is no tuple");
    }
    switch (target) {
      case ArrayType type -> setTypeState(type, parts);
      case ArrayInMaking array when parts.size() == ARRAY_STATE_PARTS -> fill(array, parts);
      // A pandas array is the NumPy array that follows its element type.
      case ArrayInMaking array
          when parts.size() == 3
              && parts.get(0) instanceof ArrayType type
              && parts.get(1) instanceof ArrayInMaking values ->
          array.values = type.zone == null ? values.values : zoned(values.values, type.zone);
      case null, default -> throw new UnreadableException("a state of what has none");
    }
  }

  private static ZonedTimes zoned(@Nullable Column instants, ZoneId zone)
      throws UnreadableException {
    if (instants instanceof Tensor tensor
        && tensor.elementType().isDatetime()
        && tensor.elementType() != ElementType.DATETIME_DAY
        && tensor.shape().size() == 1) {
      return ZonedTimes.of(tensor, zone);
    }
    throw new UnreadableException("times in a time zone of unknown form");
  }

  private static void setTypeState(ArrayType type, List<?> parts) throws UnreadableException {
    if (parts.size() > 1 && ">".equals(parts.get(1))) {
      throw new UnreadableException("elements in big-endian order");
    }
    if (parts.size() == TYPE_STATE_PARTS_WITH_UNIT
        && parts.getLast() instanceof List<?> times
        && times.size() == 2
        && times.getLast() instanceof List<?> unit
        && unit.size() == 4
        && unit.getFirst() instanceof byte[] name) {
      if (!Long.valueOf(1).equals(unit.get(1))) {
        throw new UnreadableException("times in multiples of a unit");
      }
      type.unit = new String(name, StandardCharsets.US_ASCII);
    }
  }

  /// The state is version, shape, type, whether it is column-major, and the elements.
  private static void fill(ArrayInMaking array, List<?> parts) throws UnreadableException {
    if (!(parts.get(2) instanceof ArrayType type)) {
      throw new UnreadableException("an array without an element type");
    }
    boolean columnMajor = Boolean.TRUE.equals(parts.get(3));
    List<Long> shape = shape(parts.get(1));
    try {
      array.values =
          switch (parts.get(4)) {
            case List<?> objects when !columnMajor -> ObjectTensor.of(shape, objects);
            case byte[] bytes when type.code.startsWith("U") && !columnMajor ->
                texts(shape, type, bytes);
            case byte[] bytes -> numbers(shape, known(type), bytes, columnMajor);
            case null, default -> throw new UnreadableException("an array of unknown form");
          };
    } catch (IllegalArgumentException | ArithmeticException mismatch) {
      throw new UnreadableException(String.valueOf(mismatch.getMessage()));
    }
  }

  private static List<Long> shape(@Nullable Object extents) throws UnreadableException {
    List<Long> shape = new ArrayList<>();
    if (extents instanceof List<?> list) {
      for (Object extent : list) {
        if (!(extent instanceof Long count)) {
          throw new UnreadableException("an array without a shape");
        }
        shape.add(count);
      }
      return shape;
    }
    throw new UnreadableException("an array without a shape");
  }

  private static Tensor numbers(
      List<Long> shape, ElementType type, byte[] bytes, boolean columnMajor) {
    MemorySegment memory = MemorySegment.ofArray(bytes);
    return columnMajor
        ? TensorView.columnMajor(type, shape, memory).toTensor()
        : Tensor.of(type, shape, memory);
  }

  private static ObjectTensor texts(List<Long> shape, ArrayType type, byte[] bytes)
      throws UnreadableException {
    try {
      int characters = Integer.parseInt(type.code.substring(1));
      return FixedTexts.read(shape, characters, MemorySegment.ofArray(bytes));
    } catch (NumberFormatException e) {
      throw new UnreadableException("elements of type " + type.code);
    }
  }
}
