package dev.vinery.types;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
  private static final int MAX_DEPTH = 200;
  private static final int MAX_SHORT_LENGTH = 255;

  /// What pandas has for a checksum of the class that its arrays of times are made by.
  private static final int PANDAS_CHECKSUM = 82_904_607;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// @throws IllegalArgumentException if there is anything but plain values in it
  byte[] write(@Nullable Object value) {
    out.write(0x80);
    out.write(5);
    value(value, MAX_DEPTH);
    out.write('.');
    return out.toByteArray();
  }

  private void value(@Nullable Object value, int depth) {
    if (depth == 0) {
      throw new IllegalArgumentException("a value nests deeper than " + MAX_DEPTH + " levels");
    }
    switch (value) {
      case null -> out.write('N');
      case Optional<?> optional -> value(optional.orElse(null), depth - 1);
      case Boolean flag -> out.write(flag ? 0x88 : 0x89);
      case Byte _, Short _, Integer _, Long _ ->
          whole(BigInteger.valueOf(((Number) value).longValue()));
      case BigInteger number -> whole(number);
      case Float number -> real(number);
      case Double number -> real(number);
      case Complex(var real, var imaginary) -> {
        global("builtins", "complex");
        real(real);
        real(imaginary);
        out.write(0x86);
        out.write('R');
      }
      case String text -> text(text);
      case byte[] bytes -> bytes(bytes);
      case List<?> list -> items(']', list, 'e', depth);
      case Set<?> set -> items(0x8f, set, 0x90, depth);
      case Map<?, ?> map -> {
        out.write('}');
        out.write('(');
        map.forEach((key, each) -> {
          key(key, depth - 1);
          value(each, depth - 1);
        });
        out.write('u');
      }
      case ObjectTensor array -> objects(array, depth);
      case Tensor tensor when tensor.elementType().isTime() -> times(tensor);
      default ->
          throw new IllegalArgumentException(
              "a pickle holds plain values only, not a " + value.getClass().getTypeName());
    }
  }

  /// Python hashes tuples, but not lists.
  private void key(@Nullable Object key, int depth) {
    if (key instanceof List<?> list) {
      out.write('(');
      list.forEach(each -> key(each, depth - 1));
      out.write('t');
      return;
    }
    value(key, depth);
  }

  private void items(int empty, Iterable<?> items, int append, int depth) {
    out.write(empty);
    out.write('(');
    for (Object item : items) {
      if (append == 0x90) {
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
    out.write(0x8a);
    out.write(bigEndian.length);
    for (int i = bigEndian.length - 1; i >= 0; i--) {
      out.write(bigEndian[i]);
    }
  }

  private void real(double value) {
    out.write('G');
    out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
  }

  private void text(String value) {
    sized('X', value.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(byte[] value) {
    sized('B', value);
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
    out.write(0x93);
  }

  /// An array of objects: made empty, and then given version, shape, type, order and elements.
  private void objects(ObjectTensor array, int depth) {
    beginArray(array.shape());
    type("O8", "|", 63, "");
    out.write(0x89);
    items(']', array.values(), 'e', depth);
    out.write('t');
    out.write('b');
  }

  /// A column of times, as pandas has them in frames.
  private void times(Tensor tensor) {
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
    out.write('J');
    int32(PANDAS_CHECKSUM);
    out.write('N');
    out.write(0x87);
    out.write('R');

    type(code, "<", 0, unit);
    beginArray(tensor.shape());
    type(code, "<", 0, unit);
    out.write(0x89);
    bytes(tensor.values().toArray(ValueLayout.JAVA_BYTE));
    out.write('t');
    out.write('b');
    out.write('}');
    out.write('(');
    text("_freq");
    out.write('N');
    text("_cache");
    out.write('}');
    out.write('u');
    out.write(0x87);
    out.write('b');
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
    out.write('K');
    out.write(0);
    out.write(0x85);
    bytes(new byte[] {'b'});
    out.write(0x87);
    out.write('R');
    out.write('(');
    out.write('K');
    out.write(1);
    out.write('(');
    shape.forEach(extent -> whole(BigInteger.valueOf(extent)));
    out.write('t');
  }

  /// An element type.
  ///
  /// @param flags NumPy's own, 63 for objects
  /// @param unit of times; empty if there is none
  private void type(String code, String order, int flags, String unit) {
    global("numpy", "dtype");
    text(code);
    out.write(0x89);
    out.write(0x88);
    out.write(0x87);
    out.write('R');
    out.write('(');
    out.write('K');
    out.write(unit.isEmpty() ? 3 : 4);
    text(order);
    out.write('N');
    out.write('N');
    out.write('N');
    out.write('J');
    int32(-1);
    out.write('J');
    int32(-1);
    out.write('K');
    out.write(flags);
    if (!unit.isEmpty()) {
      out.write('}');
      out.write('(');
      bytes(unit.getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(new byte[] {'K', 1, 'K', 1, 'K', 1, 't', (byte) 0x86});
    }
    out.write('t');
    out.write('b');
  }
}
