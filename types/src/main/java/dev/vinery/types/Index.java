package dev.vinery.types;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Labels of rows, which may have a name, as pandas' `Index`. Immutable.
///
/// One that was got is a view over shared memory; closing it closes its labels. Safe for use by
/// several threads.
///
/// Source: type name `vineyard::Index`.
public final class Index implements AutoCloseable {
  private final Json storedName;
  private final Column labels;

  /// @param storedName as it is stored: `null` for none, text, a number, or a list
  Index(Json storedName, Column labels) {
    this.storedName = storedName;
    this.labels = labels;
  }

  /// Labels without a name.
  public static Index of(Column labels) {
    return new Index(Json.Null.NULL, labels);
  }

  public static Index of(String name, Column labels) {
    return new Index(new Json.Text(name), labels);
  }

  Json storedName() {
    return storedName;
  }

  public Optional<String> name() {
    return nameOf(storedName);
  }

  /// Reads a name that may be no text.
  static Optional<String> nameOf(Json stored) {
    return switch (stored) {
      case Json.Null _ -> Optional.empty();
      case Json.Text(var text) -> Optional.of(text);
      default -> Optional.of(JsonText.print(stored));
    };
  }

  public Column labels() {
    return labels;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Index that
        && storedName.equals(that.storedName)
        && labels.equals(that.labels);
  }

  @Override
  public int hashCode() {
    return Objects.hash(storedName, labels);
  }

  @Override
  public String toString() {
    return "Index[" + name().map(name -> "name=" + name + ", ").orElse("") + labels + "]";
  }

  @Override
  public void close() {
    labels.close();
  }
}
