package dev.vinery.types;

import dev.vinery.protocol.Json;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A column with labels for its rows, and perhaps a name, as pandas' `Series`. Immutable.
///
/// One that was got is a view over shared memory; closing it closes its parts. Safe for use by
/// several threads.
///
/// Source: type name `vineyard::Series`.
public final class Series implements AutoCloseable {
  private final Json storedName;
  private final Column values;
  private final @Nullable Index index;

  /// @param storedName as it is stored: `null` for none, text, a number, or a list
  /// @param index none for the numbers from 0 up
  Series(Json storedName, Column values, @Nullable Index index) {
    this.storedName = storedName;
    this.values = values;
    this.index = index;
    if (index != null && index.labels().rowCount() != values.rowCount()) {
      throw new IllegalArgumentException(
          "%d labels for %d values".formatted(index.labels().rowCount(), values.rowCount()));
    }
  }

  /// A series whose rows are labelled with the numbers from 0 up.
  public static Series of(String name, Column values) {
    return new Series(new Json.Text(name), values, null);
  }

  /// @throws IllegalArgumentException if there are not as many labels as values
  public static Series of(String name, Column values, Index index) {
    return new Series(new Json.Text(name), values, index);
  }

  Json storedName() {
    return storedName;
  }

  public Optional<String> name() {
    return Index.nameOf(storedName);
  }

  public Column values() {
    return values;
  }

  /// The labels of the rows; nothing if they are the numbers from 0 up.
  public Optional<Index> index() {
    return Optional.ofNullable(index);
  }

  /// The same as a frame of one column.
  public DataFrame toFrame() {
    DataFrame.Builder frame = DataFrame.builder().column(name().orElse("0"), values);
    if (index != null) {
      frame.index(index);
    }
    return frame.build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Series that
        && storedName.equals(that.storedName)
        && values.equals(that.values)
        && RowLabels.equal(index, that.index);
  }

  @Override
  public int hashCode() {
    return Objects.hash(storedName, values);
  }

  @Override
  public String toString() {
    return toFrame().toString();
  }

  @Override
  public void close() {
    values.close();
    if (index != null) {
      index.close();
    }
  }
}
