package dev.vinery.types;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A column most of whose elements are one and the same fill value, as pandas' sparse arrays: only
/// the others are stored, with the places where they are. Immutable.
///
/// One that was got is a view over shared memory; closing it closes its parts. Safe for use by
/// several threads.
///
/// Source: type name `vineyard::SparseArray<Sparse[…]>`.
public final class SparseColumn implements Column {
  private final long length;
  private final double fill;
  private final String name;
  private final Tensor places;
  private final Tensor values;

  private SparseColumn(long length, double fill, String name, Tensor places, Tensor values) {
    this.length = length;
    this.fill = fill;
    this.name = name;
    this.places = places;
    this.values = values;
  }

  /// @param length of the column, fill values included
  /// @param fill what stands everywhere else
  /// @param places where the values are, ascending, of `int32`
  /// @param values as many as there are places
  /// @throws IllegalArgumentException if there are not, or they do not fit the length
  public static SparseColumn of(long length, double fill, Tensor places, Tensor values) {
    String fillText =
        values.elementType().isFloating()
            ? Double.isNaN(fill) ? "nan" : Double.toString(fill)
            : values.elementType() == ElementType.BOOL
                ? fill == 0 ? "False" : "True"
                : Long.toString((long) fill);
    String name = "Sparse[%s, %s]".formatted(values.elementType().numpyName(), fillText);
    return of(length, fill, name, places, values);
  }

  /// @param name pandas' name of the element type, for example `Sparse[float64, nan]`
  static SparseColumn of(long length, double fill, String name, Tensor places, Tensor values) {
    if (places.elementType() != ElementType.INT32 || places.shape().size() != 1) {
      throw new IllegalArgumentException("places must be of int32 in one dimension");
    }
    if (values.shape().size() != 1
        || places.length() != values.length()
        || length < places.length()) {
      throw new IllegalArgumentException(
          "%d places and %d values in a column of %d"
              .formatted(places.length(), values.length(), length));
    }
    return new SparseColumn(length, fill, name, places, values);
  }

  /// Reads the fill value from pandas' name of an element type.
  ///
  /// @return nothing if it is no number
  static Optional<Double> fill(String name) {
    int comma = name.indexOf(", ");
    if (!name.startsWith("Sparse[") || !name.endsWith("]") || comma < 0) {
      return Optional.empty();
    }
    return switch (name.substring(comma + 2, name.length() - 1)) {
      case "nan" -> Optional.of(Double.NaN);
      case "False" -> Optional.of(0.0);
      case "True" -> Optional.of(1.0);
      case String number -> {
        try {
          yield Optional.of(Double.parseDouble(number));
        } catch (NumberFormatException e) {
          yield Optional.empty();
        }
      }
    };
  }

  @Override
  public long length() {
    return length;
  }

  /// What stands everywhere but at [#places()].
  public double fill() {
    return fill;
  }

  /// Where the values are that are stored, ascending.
  public Tensor places() {
    return places;
  }

  /// The values that are stored, in the order of [#places()].
  public Tensor values() {
    return values;
  }

  /// Reads an element, stored or not.
  ///
  /// @param index from 0 to [#length()] - 1
  public double getDouble(long index) {
    long place = find(Objects.checkIndex(index, length));
    return place < 0 ? fill : values.getDouble(place);
  }

  /// @return where in `places` an index stands, negative if it does not
  private long find(long index) {
    long low = 0;
    long high = places.length() - 1;
    if (high < 0) {
      places.values(); // fails if the column is closed
    }
    while (low <= high) {
      long middle = (low + high) >>> 1;
      long place = places.getLong(middle);
      if (place == index) {
        return middle;
      }
      if (place < index) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  @Override
  public String elementName() {
    return name;
  }

  @Override
  public boolean isMissing(long index) {
    return Double.isNaN(getDouble(index));
  }

  @Override
  public String format(long index) {
    long place = find(Objects.checkIndex(index, length));
    if (place >= 0) {
      return values.format(place);
    }
    return switch (values.elementType()) {
      case BOOL -> fill == 0 ? "false" : "true";
      case ElementType type when type.isFloating() -> Numbers.format(fill);
      default -> Long.toString((long) fill);
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SparseColumn that
        && length == that.length
        && Double.compare(fill, that.fill) == 0
        && places.equals(that.places)
        && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(length, places);
  }

  @Override
  public String toString() {
    return "SparseColumn[length=%d, type=%s, places=%s, values=%s]"
        .formatted(length, name, places, values);
  }

  @Override
  public void close() {
    places.close();
    values.close();
  }
}
