package dev.vinery.types;

import dev.vinery.client.VineryObject;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A dense array of numbers, booleans or times of any number of dimensions. Immutable.
///
/// One that was got is a view over shared memory, which stays in place until the tensor is closed
/// or forgotten, whatever others delete. One that was made from a Java array is a view over that
/// array, which must not be changed any more. Safe for use by several threads.
///
/// Source: type name `vineyard::Tensor<…>`, fields as the official Python client writes them.
public final class Tensor implements Column {
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort INT16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);
  private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE);
  private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE);
  private static final ValueLayout.OfFloat FLOAT32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE);
  private static final ValueLayout.OfDouble FLOAT64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE);

  private final ElementType elementType;
  private final List<Long> shape;
  private final long length;
  private final MemorySegment values;
  private final @Nullable VineryObject object;
  private volatile boolean closed;

  private Tensor(
      ElementType elementType,
      List<Long> shape,
      MemorySegment values,
      @Nullable VineryObject object) {
    this.elementType = elementType;
    this.shape = List.copyOf(shape);
    this.length = elementCount(this.shape);
    long sizeBytes = Math.multiplyExact(length, elementType.sizeBytes());
    if (values.byteSize() < sizeBytes) {
      throw new IllegalArgumentException(
          "a tensor of shape %s of %s needs %d bytes, not %d"
              .formatted(shape, elementType.numpyName(), sizeBytes, values.byteSize()));
    }
    this.values = values.asSlice(0, sizeBytes).asReadOnly();
    this.object = object;
  }

  /// Wraps elements in row-major order, little-endian.
  ///
  /// @param shape extents, outermost first, each at least 0; an empty list is a scalar
  /// @param values at least as many bytes as the shape needs; they must not change any more
  /// @throws IllegalArgumentException if there are too few bytes
  public static Tensor of(ElementType elementType, List<Long> shape, MemorySegment values) {
    return new Tensor(elementType, shape, values, null);
  }

  /// A view that takes over an object.
  static Tensor over(
      VineryObject object, ElementType elementType, List<Long> shape, MemorySegment values) {
    return new Tensor(elementType, shape, values, object);
  }

  /// A tensor of one dimension.
  public static Tensor of(double... values) {
    return of(ElementType.FLOAT64, List.of((long) values.length), MemorySegment.ofArray(values));
  }

  /// A tensor of one dimension.
  public static Tensor of(float... values) {
    return of(ElementType.FLOAT32, List.of((long) values.length), MemorySegment.ofArray(values));
  }

  /// A tensor of one dimension.
  public static Tensor of(long... values) {
    return of(ElementType.INT64, List.of((long) values.length), MemorySegment.ofArray(values));
  }

  /// A tensor of one dimension.
  public static Tensor of(int... values) {
    return of(ElementType.INT32, List.of((long) values.length), MemorySegment.ofArray(values));
  }

  /// A tensor of one dimension.
  public static Tensor of(short... values) {
    return of(ElementType.INT16, List.of((long) values.length), MemorySegment.ofArray(values));
  }

  /// A tensor of one dimension.
  public static Tensor of(byte... values) {
    return of(ElementType.INT8, List.of((long) values.length), MemorySegment.ofArray(values));
  }

  /// A tensor of one dimension.
  public static Tensor of(boolean... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return of(ElementType.BOOL, List.of((long) values.length), MemorySegment.ofArray(bytes));
  }

  /// A tensor of one dimension whose elements are dates, to the nanosecond.
  ///
  /// @param values nothing where one is missing
  /// @throws ArithmeticException if one is not between the years 1677 and 2262
  public static Tensor ofInstants(List<Optional<Instant>> values) {
    long[] nanos =
        values.stream()
            .mapToLong(value ->
                value
                    .map(instant -> ChronoUnit.NANOS.between(Instant.EPOCH, instant))
                    .orElse(ElementType.NOT_A_TIME))
            .toArray();
    return of(nanos).as(ElementType.DATETIME_NANO);
  }

  /// The same memory, cut and turned in any way without a copy.
  public TensorView view() {
    return TensorView.of(this);
  }

  /// The same elements in another shape.
  ///
  /// @throws IllegalArgumentException if the shape needs another number of elements
  public Tensor reshaped(long... newShape) {
    List<Long> extents = Arrays.stream(newShape).boxed().toList();
    if (elementCount(extents) != length) {
      throw new IllegalArgumentException(
          "%d elements do not fit the shape %s".formatted(length, extents));
    }
    return new Tensor(elementType, extents, values(), retained());
  }

  /// The same bits as elements of another type of the same size, for example unsigned ones.
  ///
  /// @throws IllegalArgumentException if the sizes differ
  public Tensor as(ElementType newType) {
    if (newType.sizeBytes() != elementType.sizeBytes()) {
      throw new IllegalArgumentException(
          "%s has %d bytes and %s has %d"
              .formatted(
                  newType.numpyName(),
                  newType.sizeBytes(),
                  elementType.numpyName(),
                  elementType.sizeBytes()));
    }
    return new Tensor(newType, shape, values(), retained());
  }

  /// The same bits as elements of another type, of which as many follow each other in the innermost
  /// dimension as fit, for example real and imaginary parts as complex numbers.
  ///
  /// @throws IllegalArgumentException if they do not fit
  public Tensor reinterpreted(ElementType newType) {
    List<Long> extents = new ArrayList<>(shape);
    long lineBytes = shape.isEmpty() ? -1 : shape.getLast() * elementType.sizeBytes();
    if (lineBytes < 0 || lineBytes % newType.sizeBytes() != 0) {
      throw new IllegalArgumentException(
          "elements of %s do not fit the shape %s of %s"
              .formatted(newType.numpyName(), shape, elementType.numpyName()));
    }
    extents.set(extents.size() - 1, lineBytes / newType.sizeBytes());
    return new Tensor(newType, extents, values(), retained());
  }

  /// What a second view needs of its own, so that closing one does not close the other.
  private @Nullable VineryObject retained() {
    return object == null ? null : object.retain();
  }

  public ElementType elementType() {
    return elementType;
  }

  /// Extents, outermost first; empty for a scalar.
  public List<Long> shape() {
    return shape;
  }

  /// The elements in row-major order, little-endian; read-only. After [#close()] their contents are
  /// undefined.
  public MemorySegment values() {
    requireOpen();
    return values;
  }

  /// How many elements there are in all dimensions.
  @Override
  public long length() {
    return length;
  }

  @Override
  public String elementName() {
    return elementType.numpyName();
  }

  @Override
  public boolean isMissing(long index) {
    if (elementType.isFloating()) {
      return Double.isNaN(getDouble(index));
    }
    if (elementType.isComplex()) {
      return getComplex(index).isNotANumber();
    }
    return elementType.isTime() && getLong(index) == ElementType.NOT_A_TIME;
  }

  /// Reads an element as a floating-point number; of a complex one the real part.
  ///
  /// @param index in row-major order, from 0 to [#length()] - 1
  public double getDouble(long index) {
    requireOpen();
    return switch (elementType) {
      case FLOAT64 -> values.get(FLOAT64, offset(index));
      case FLOAT32 -> values.get(FLOAT32, offset(index));
      case FLOAT16 -> Float.float16ToFloat(values.get(INT16, offset(index)));
      case UINT64 -> unsignedToDouble(getLong(index));
      case COMPLEX64, COMPLEX128 -> getComplex(index).real();
      default -> getLong(index);
    };
  }

  /// Reads an element as a whole number; of `uint64` the 64 bits, of floats the whole part, of
  /// times how many of their unit.
  ///
  /// @param index in row-major order, from 0 to [#length()] - 1
  public long getLong(long index) {
    requireOpen();
    return switch (elementType) {
      case BOOL, UINT8 -> Byte.toUnsignedLong(values.get(ValueLayout.JAVA_BYTE, offset(index)));
      case INT8 -> values.get(ValueLayout.JAVA_BYTE, offset(index));
      case INT16 -> values.get(INT16, offset(index));
      case UINT16 -> Short.toUnsignedLong(values.get(INT16, offset(index)));
      case INT32 -> values.get(INT32, offset(index));
      case UINT32 -> Integer.toUnsignedLong(values.get(INT32, offset(index)));
      case FLOAT16, FLOAT32, FLOAT64, COMPLEX64, COMPLEX128 -> (long) getDouble(index);
      default -> values.get(INT64, offset(index));
    };
  }

  /// Reads an element as a complex number, which every number is.
  ///
  /// @param index in row-major order, from 0 to [#length()] - 1
  public Complex getComplex(long index) {
    requireOpen();
    long offset = offset(index);
    return switch (elementType) {
      case COMPLEX64 -> new Complex(values.get(FLOAT32, offset), values.get(FLOAT32, offset + 4));
      case COMPLEX128 -> new Complex(values.get(FLOAT64, offset), values.get(FLOAT64, offset + 8));
      default -> new Complex(getDouble(index), 0);
    };
  }

  /// Reads a date; nothing if it is missing.
  ///
  /// @param index in row-major order, from 0 to [#length()] - 1
  /// @throws IllegalStateException if the elements are no dates
  /// @throws java.time.DateTimeException if the date is beyond what an `Instant` can be
  public Optional<Instant> getInstant(long index) {
    if (!elementType.isDatetime()) {
      throw new IllegalStateException("elements of " + elementType.numpyName() + " are no dates");
    }
    return isMissing(index)
        ? Optional.empty()
        : Optional.of(Instant.EPOCH.plus(getLong(index), elementType.unit()));
  }

  /// Reads a duration; nothing if it is missing.
  ///
  /// @param index in row-major order, from 0 to [#length()] - 1
  /// @throws IllegalStateException if the elements are no durations
  public Optional<Duration> getDuration(long index) {
    if (!elementType.isDuration()) {
      throw new IllegalStateException(
          "elements of " + elementType.numpyName() + " are no durations");
    }
    return isMissing(index)
        ? Optional.empty()
        : Optional.of(Duration.of(getLong(index), elementType.unit()));
  }

  /// Reads an element as true or false; anything but zero is true.
  ///
  /// @param index in row-major order, from 0 to [#length()] - 1
  public boolean getBoolean(long index) {
    return elementType.isFloating()
        ? getDouble(index) != 0
        : elementType.isComplex() ? !getComplex(index).equals(Complex.ZERO) : getLong(index) != 0;
  }

  /// Where an element stands in row-major order.
  ///
  /// @param indices one for each dimension
  /// @throws IndexOutOfBoundsException if one is out of its extent
  public long index(long... indices) {
    if (indices.length != shape.size()) {
      throw new IllegalArgumentException(
          "%d indices for %d dimensions".formatted(indices.length, shape.size()));
    }
    long index = 0;
    for (int i = 0; i < indices.length; i++) {
      long extent = shape.get(i);
      index = index * extent + Objects.checkIndex(indices[i], extent);
    }
    return index;
  }

  /// Copies the elements.
  ///
  /// @throws OutOfMemoryError if there are more than an array can hold
  public double[] toDoubleArray() {
    double[] copy = new double[arrayLength()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = getDouble(i);
    }
    return copy;
  }

  /// Copies the elements.
  ///
  /// @throws OutOfMemoryError if there are more than an array can hold
  public long[] toLongArray() {
    long[] copy = new long[arrayLength()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = getLong(i);
    }
    return copy;
  }

  @Override
  public String format(long index) {
    return switch (elementType) {
      case BOOL -> getBoolean(index) ? "true" : "false";
      case UINT64 -> Long.toUnsignedString(getLong(index));
      case FLOAT32, FLOAT16 -> Numbers.format((float) getDouble(index));
      case FLOAT64 -> Numbers.format(getDouble(index));
      case COMPLEX64, COMPLEX128 -> getComplex(index).toString();
      default -> elementType.isTime() ? formatTime(index) : Long.toString(getLong(index));
    };
  }

  private String formatTime(long index) {
    if (isMissing(index)) {
      return "NaT";
    }
    try {
      return elementType.isDuration()
          ? getDuration(index).orElseThrow().toString()
          : getInstant(index).orElseThrow().toString();
    } catch (DateTimeException beyond) {
      return getLong(index) + " " + elementType.unit();
    }
  }

  @Override
  public long rowCount() {
    return shape.isEmpty() ? 1 : shape.getFirst();
  }

  @Override
  public String formatRow(long row) {
    return shape.size() <= 1 ? format(row) : NestedText.printRow(shape, this::format, row);
  }

  /// Whether type, shape and all bits are equal.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tensor that
        && elementType == that.elementType
        && shape.equals(that.shape)
        && values().mismatch(that.values()) < 0;
  }

  @Override
  public int hashCode() {
    return Objects.hash(elementType, shape);
  }

  /// Prints the elements with an ellipsis where there are many, then type and shape.
  @Override
  public String toString() {
    return closed
        ? "Tensor[closed]"
        : NestedText.print(shape, this::format)
            + " (%s, shape %s)".formatted(elementType.numpyName(), shape);
  }

  @Override
  public void close() {
    closed = true;
    if (object != null) {
      object.close();
    }
  }

  /// @throws ArithmeticException if there are more than 2^63 - 1
  static long elementCount(List<Long> shape) {
    long count = 1;
    for (long extent : shape) {
      if (extent < 0) {
        throw new IllegalArgumentException("an extent must not be negative: " + extent);
      }
      count = Math.multiplyExact(count, extent);
    }
    return count;
  }

  private long offset(long index) {
    return Objects.checkIndex(index, length) * elementType.sizeBytes();
  }

  private int arrayLength() {
    if (length > Integer.MAX_VALUE - 8) {
      throw new OutOfMemoryError(length + " elements are more than an array can hold");
    }
    return (int) length;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the tensor is closed");
    }
  }

  private static double unsignedToDouble(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }
}
