package dev.vinery.types;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A dense array of plain values of any kinds, as NumPy's arrays of objects. Immutable.
///
/// Its elements are copies, not views: only Python can lay them out, as a pickle. They are numbers,
/// booleans, strings, bytes, times, and lists, sets and maps of them. Safe for use by several
/// threads.
///
/// Source: type name `vineyard::Tensor<object>`; also arrays of strings of more than one dimension,
/// `vineyard::Tensor<str…>`.
public final class ObjectTensor implements Column {
  private final List<Long> shape;
  private final List<@Nullable Object> values;
  private volatile boolean closed;

  private ObjectTensor(List<Long> shape, List<? extends @Nullable Object> values) {
    this.shape = List.copyOf(shape);
    this.values = Collections.unmodifiableList(new ArrayList<@Nullable Object>(values));
    long count = Tensor.elementCount(this.shape);
    if (count != this.values.size()) {
      throw new IllegalArgumentException(
          "an array of shape %s has %d elements, not %d"
              .formatted(shape, count, this.values.size()));
    }
  }

  /// @param shape extents, outermost first; an empty list is a scalar
  /// @param values in row-major order; `null` is missing
  /// @throws IllegalArgumentException if there are not as many as the shape needs
  public static ObjectTensor of(List<Long> shape, List<? extends @Nullable Object> values) {
    return new ObjectTensor(shape, values);
  }

  /// An array of one dimension.
  public static ObjectTensor of(@Nullable Object... values) {
    return new ObjectTensor(List.of((long) values.length), Arrays.asList(values));
  }

  public List<Long> shape() {
    return shape;
  }

  /// The elements in row-major order; `null` is missing. Unmodifiable.
  public List<@Nullable Object> values() {
    if (closed) {
      throw new IllegalStateException("the array of objects is closed");
    }
    return values;
  }

  /// Reads an element; nothing if it is `None`.
  ///
  /// @param index in row-major order, from 0 to [#length()] - 1
  public Optional<Object> get(long index) {
    return Optional.ofNullable(values().get(Objects.checkIndex((int) index, values.size())));
  }

  @Override
  public long length() {
    return values.size();
  }

  @Override
  public long rowCount() {
    return shape.isEmpty() ? 1 : shape.getFirst();
  }

  @Override
  public String elementName() {
    return "object";
  }

  @Override
  public boolean isMissing(long index) {
    return get(index).map(value -> value instanceof Double real && real.isNaN()).orElse(true);
  }

  @Override
  public String format(long index) {
    return get(index).map(ObjectTensor::format).orElse("None");
  }

  private static String format(Object value) {
    return switch (value) {
      case Double number -> Numbers.format(number);
      case byte[] bytes -> bytes.length + " bytes";
      default -> value.toString();
    };
  }

  @Override
  public String formatRow(long row) {
    return shape.size() <= 1 ? format(row) : NestedText.printRow(shape, this::format, row);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObjectTensor that
        && shape.equals(that.shape)
        && PlainValues.equal(values(), that.values());
  }

  @Override
  public int hashCode() {
    return shape.hashCode();
  }

  @Override
  public String toString() {
    return closed
        ? "ObjectTensor[closed]"
        : NestedText.print(shape, this::format) + " (object, shape " + shape + ")";
  }

  @Override
  public void close() {
    closed = true;
  }
}
