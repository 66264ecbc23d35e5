package dev.vinery.types;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes one pickle of plain values, protocol 5, without a memo.
///
/// Source: the documentation of Python's module `pickletools`; for arrays, what it shows of those
/// that NumPy and pandas write.
///
/// Confined to one thread; for one value.
final class PickleWriter {
  private static final int PROTOCOL = 5;
  private static final int MAX_SHORT_LENGTH = 255;

  /// What pandas has for a checksum of the class that its arrays of times are made by.
  private static final int PANDAS_CHECKSUM = 82_904_607;

  /// pandas' number of the unit of its times.
  private static final int PANDAS_NANOSECONDS = 10;

  private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// @throws IllegalArgumentException if there is anything but plain values in it
  byte[] write(@Nullable Object value) {
    out.write(PickleCode.PROTO);
    out.write(PROTOCOL);
    value(value, PlainValues.MAX_DEPTH);
    out.write(PickleCode.STOP);
    return out.toByteArray();
  }

  private void value(@Nullable Object value, int depth) {
    if (depth == 0) {
      throw new IllegalArgumentException(
          "a value nests deeper than " + PlainValues.MAX_DEPTH + " levels");
    }
    switch (value) {
      case null -> out.write(PickleCode.NONE);
      case Optional<?> optional -> value(optional.orElse(null), depth - 1);
      case Boolean flag -> out.write(flag ? PickleCode.NEWTRUE : PickleCode.NEWFALSE);
      case Byte _, Short _, Integer _, Long _ ->
          whole(BigInteger.valueOf(((Number) value).longValue()));
      case BigInteger number -> whole(number);
      case Float number -> real(number);
      case Double number -> real(number);
      case Complex(var real, var imaginary) -> {
        global("builtins", "complex");
        real(real);
        real(imaginary);
        out.write(PickleCode.TUPLE2);
        out.write(PickleCode.REDUCE);
      }
      case String text -> text(text);
      case byte[] bytes -> bytes(bytes);
      case List<?> list -> items(PickleCode.EMPTY_LIST, list, PickleCode.APPENDS, depth);
      case Set<?> set -> items(PickleCode.EMPTY_SET, set, PickleCode.ADDITEMS, depth);
      case Map<?, ?> map -> {
        out.write(PickleCode.EMPTY_DICT);
        out.write(PickleCode.MARK);
        map.forEach((key, each) -> {
          key(key, depth - 1);
          value(each, depth - 1);
        });
        out.write(PickleCode.SETITEMS);
      }
      case Instant instant -> timestamp(instant, null);
      case ZonedDateTime time -> timestamp(time.toInstant(), time.getZone());
      case ObjectTensor array -> objects(array, depth);
      case Tensor tensor when tensor.elementType().isTime() -> times(tensor, null);
      case ZonedTimes zoned -> times(zoned.instants(), zoned.zone());
      default ->
          throw new IllegalArgumentException(
              "a pickle holds plain values only, not a " + value.getClass().getTypeName());
    }
  }

  /// Python hashes tuples, but not lists.
  private void key(@Nullable Object key, int depth) {
    if (key instanceof List<?> list) {
      out.write(PickleCode.MARK);
      list.forEach(each -> key(each, depth - 1));
      out.write(PickleCode.TUPLE);
      return;
    }
    value(key, depth);
  }

  private void items(int empty, Iterable<?> items, int append, int depth) {
    out.write(empty);
    out.write(PickleCode.MARK);
    for (Object item : items) {
      if (append == PickleCode.ADDITEMS) {
        key(item, depth - 1);
      } else {
        value(item, depth - 1);
      }
    }
    out.write(append);
  }

  private void whole(BigInteger value) {
    byte[] bigEndian = value.toByteArray();
    if (bigEndian.length > MAX_SHORT_LENGTH) {
      throw new IllegalArgumentException(
          "a whole number may have %d bytes, not %d".formatted(MAX_SHORT_LENGTH, bigEndian.length));
    }
    out.write(PickleCode.LONG1);
    out.write(bigEndian.length);
    for (int i = bigEndian.length - 1; i >= 0; i--) {
      out.write(bigEndian[i]);
    }
  }

  /// A number from 0 to 255.
  private void small(int value) {
    out.write(PickleCode.BININT1);
    out.write(value);
  }

  private void real(double value) {
    out.write(PickleCode.BINFLOAT);
    out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
  }

  private void text(String value) {
    sized(PickleCode.BINUNICODE, value.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(byte[] value) {
    sized(PickleCode.BINBYTES, value);
  }

  private void sized(int instruction, byte[] bytes) {
    out.write(instruction);
    int32(bytes.length);
    out.writeBytes(bytes);
  }

  private void int32(int value) {
    out.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void global(String module, String name) {
    text(module);
    text(name);
    out.write(PickleCode.STACK_GLOBAL);
  }

  /// A time of pandas, in nanoseconds, without frequency.
  private void timestamp(Instant instant, @Nullable ZoneId zone) {
    BigInteger nanos =
        BigInteger.valueOf(instant.getEpochSecond())
            .multiply(NANOS_PER_SECOND)
            .add(BigInteger.valueOf(instant.getNano()));
    if (nanos.bitLength() >= Long.SIZE) {
      throw new IllegalArgumentException(
          "pandas' times are from 1677 to 2262, which " + instant + " is not");
    }
    global("pandas._libs.tslibs.timestamps", "_unpickle_timestamp");
    out.write(PickleCode.MARK);
    whole(nanos);
    out.write(PickleCode.NONE);
    zone(zone);
    small(PANDAS_NANOSECONDS);
    out.write(PickleCode.TUPLE);
    out.write(PickleCode.REDUCE);
  }

  private void zone(@Nullable ZoneId zone) {
    if (zone == null) {
      out.write(PickleCode.NONE);
      return;
    }
    int dot = PickleZones.PANDAS_ZONE.lastIndexOf('.');
    global(PickleZones.PANDAS_ZONE.substring(0, dot), PickleZones.PANDAS_ZONE.substring(dot + 1));
    text(ZonedTimes.nameOf(ZonedTimes.plain(zone)));
    out.write(PickleCode.TUPLE1);
    out.write(PickleCode.REDUCE);
  }

  /// An array of objects: made empty, and then given version, shape, type, order and elements.
  private void objects(ObjectTensor array, int depth) {
    beginArray(array.shape());
    type("O8", "|", 63, "");
    out.write(PickleCode.NEWFALSE);
    items(PickleCode.EMPTY_LIST, array.values(), PickleCode.APPENDS, depth);
    out.write(PickleCode.TUPLE);
    out.write(PickleCode.BUILD);
  }

  /// A column of times, as pandas has them in frames.
  private void times(Tensor tensor, @Nullable ZoneId zone) {
    ElementType type = tensor.elementType();
    boolean datetime = type.isDatetime();
    String code = datetime ? "M8" : "m8";
    String unit = type.numpyName().substring(type.numpyName().indexOf('[') + 1).replace("]", "");
    requireUnitOfPandas(type);
    global("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked");
    if (datetime) {
      global("pandas.core.arrays.datetimes", "DatetimeArray");
    } else {
      global("pandas.core.arrays.timedeltas", "TimedeltaArray");
    }
    out.write(PickleCode.BININT);
    int32(PANDAS_CHECKSUM);
    out.write(PickleCode.NONE);
    out.write(PickleCode.TUPLE3);
    out.write(PickleCode.REDUCE);

    if (zone == null) {
      type(code, "<", 0, unit);
    } else {
      global("pandas.core.dtypes.dtypes", "DatetimeTZDtype");
      text(unit);
      text(ZonedTimes.nameOf(zone));
      out.write(PickleCode.TUPLE2);
      out.write(PickleCode.REDUCE);
    }
    beginArray(tensor.shape());
    type(code, "<", 0, unit);
    out.write(PickleCode.NEWFALSE);
    bytes(tensor.values().toArray(ValueLayout.JAVA_BYTE));
    out.write(PickleCode.TUPLE);
    out.write(PickleCode.BUILD);
    out.write(PickleCode.EMPTY_DICT);
    out.write(PickleCode.MARK);
    text("_freq");
    out.write(PickleCode.NONE);
    text("_cache");
    out.write(PickleCode.EMPTY_DICT);
    out.write(PickleCode.SETITEMS);
    out.write(PickleCode.TUPLE3);
    out.write(PickleCode.BUILD);
  }

  private static void requireUnitOfPandas(ElementType type) {
    if (type == ElementType.DATETIME_DAY) {
      throw new IllegalArgumentException(
          "pandas has no columns of " + type.numpyName() + "; count seconds, for example");
    }
  }

  /// Makes an array and begins its state with version and shape.
  private void beginArray(List<Long> shape) {
    global("numpy.core.multiarray", "_reconstruct");
    global("numpy", "ndarray");
    small(0);
    out.write(PickleCode.TUPLE1);
    bytes(new byte[] {'b'});
    out.write(PickleCode.TUPLE3);
    out.write(PickleCode.REDUCE);
    out.write(PickleCode.MARK);
    small(1);
    out.write(PickleCode.MARK);
    shape.forEach(extent -> whole(BigInteger.valueOf(extent)));
    out.write(PickleCode.TUPLE);
  }

  /// An element type.
  ///
  /// @param flags NumPy's own, 63 for objects
  /// @param unit of times; empty if there is none
  private void type(String code, String order, int flags, String unit) {
    global("numpy", "dtype");
    text(code);
    out.write(PickleCode.NEWFALSE);
    out.write(PickleCode.NEWTRUE);
    out.write(PickleCode.TUPLE3);
    out.write(PickleCode.REDUCE);
    out.write(PickleCode.MARK);
    small(unit.isEmpty() ? 3 : 4);
    text(order);
    out.write(PickleCode.NONE);
    out.write(PickleCode.NONE);
    out.write(PickleCode.NONE);
    out.write(PickleCode.BININT);
    int32(-1);
    out.write(PickleCode.BININT);
    int32(-1);
    small(flags);
    if (!unit.isEmpty()) {
      out.write(PickleCode.EMPTY_DICT);
      out.write(PickleCode.MARK);
      bytes(unit.getBytes(StandardCharsets.US_ASCII));
      small(1);
      small(1);
      small(1);
      out.write(PickleCode.TUPLE);
      out.write(PickleCode.TUPLE2);
    }
    out.write(PickleCode.TUPLE);
    out.write(PickleCode.BUILD);
  }
}
