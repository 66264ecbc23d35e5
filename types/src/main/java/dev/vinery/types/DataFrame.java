package dev.vinery.types;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A table: named columns of one length, in order, and an index that labels the rows. Immutable.
///
/// One that was got is a view over shared memory; closing it closes its columns. Safe for use by
/// several threads.
///
/// Source: type name `vineyard::DataFrame`, fields as the official Python client writes them.
public final class DataFrame implements AutoCloseable {
  private final SequencedMap<String, Column> columns;
  private final List<Json> names;
  private final @Nullable Index index;
  private final long rowCount;

  /// @param names of the columns as they are stored: text, or numbers
  /// @param index labels of the rows; none for the numbers from 0 up
  DataFrame(SequencedMap<String, Column> columns, List<Json> names, @Nullable Index index) {
    this.names = List.copyOf(names);
    this.columns = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(columns));
    this.index = index;
    this.rowCount =
        index != null
            ? index.labels().rowCount()
            : columns.isEmpty() ? 0 : columns.firstEntry().getValue().rowCount();
    for (Map.Entry<String, Column> column : columns.entrySet()) {
      if (column.getValue().rowCount() != rowCount) {
        throw new IllegalArgumentException(
            "column '%s' has %d rows where others have %d"
                .formatted(column.getKey(), column.getValue().rowCount(), rowCount));
      }
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /// The names as they are stored.
  List<Json> names() {
    return names;
  }

  public long rowCount() {
    return rowCount;
  }

  public int columnCount() {
    return columns.size();
  }

  public List<String> columnNames() {
    return List.copyOf(columns.sequencedKeySet());
  }

  /// The columns in order, by name.
  public SequencedMap<String, Column> columns() {
    return columns;
  }

  /// @throws NoSuchElementException if there is no column of that name
  public Column column(String name) {
    Column column = columns.get(name);
    if (column == null) {
      throw new NoSuchElementException(
          "there is no column '" + name + "', only " + columns.keySet());
    }
    return column;
  }

  /// A column of numbers, booleans or times; of times in a time zone, the instants.
  ///
  /// @throws NoSuchElementException if there is no such column
  public Tensor tensor(String name) {
    if (column(name) instanceof Tensor tensor) {
      return tensor;
    }
    if (column(name) instanceof ZonedTimes zoned) {
      return zoned.instants();
    }
    throw new NoSuchElementException("column '" + name + "' holds " + column(name).elementName());
  }

  /// A column of strings.
  ///
  /// @throws NoSuchElementException if there is no such column
  public Strings strings(String name) {
    if (column(name) instanceof Strings strings) {
      return strings;
    }
    throw new NoSuchElementException("column '" + name + "' holds no strings");
  }

  /// The labels of the rows; nothing if they are the numbers from 0 up.
  public Optional<Column> index() {
    return Optional.ofNullable(index).map(Index::labels);
  }

  /// What the labels of the rows are called.
  public Optional<String> indexName() {
    return Optional.ofNullable(index).flatMap(Index::name);
  }

  /// The labels of the rows as they are stored.
  Index storedIndex() {
    return index == null ? RowLabels.numbered(rowCount) : index;
  }

  /// The same rows with their labels as the first column, for files that know columns only; this
  /// frame itself if the labels are the numbers from 0 up. The columns belong to both frames.
  public DataFrame labelsAsColumn() {
    if (index == null || RowLabels.isNumbered(index)) {
      return this;
    }
    String name = index.name().orElse("index");
    while (columns.containsKey(name)) {
      name += "_";
    }
    var all = new LinkedHashMap<String, Column>();
    all.put(name, index.labels());
    all.putAll(columns);
    List<Json> allNames = new ArrayList<>(names);
    allNames.addFirst(new Json.Text(name));
    return new DataFrame(all, allNames, null);
  }

  /// Prints the rows as a table with names and types on top.
  ///
  /// @param maxRows rows to show, at least 2; of more the middle is left out
  public String toString(int maxRows) {
    return DataFrameText.print(this, maxRows);
  }

  @Override
  public String toString() {
    return toString(DataFrameText.DEFAULT_ROWS);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DataFrame that
        && List.copyOf(columns.entrySet()).equals(List.copyOf(that.columns.entrySet()))
        && rowCount == that.rowCount
        && RowLabels.equal(index, that.index);
  }

  @Override
  public int hashCode() {
    return columns.keySet().hashCode();
  }

  @Override
  public void close() {
    columns.values().forEach(Column::close);
    if (index != null) {
      index.close();
    }
  }

  /// Collects columns. Confined to one thread.
  public static final class Builder {
    private final SequencedMap<String, Column> columns = new LinkedHashMap<>();
    private final List<Json> names = new ArrayList<>();
    private @Nullable Index index;

    private Builder() {}

    /// @param column of one dimension, or of more, of which the outermost is the rows
    /// @throws IllegalArgumentException if there is a column of that name already
    public Builder column(String name, Column column) {
      return column(new Json.Text(name), name, column);
    }

    /// Adds a column that has a number for a name, as pandas gives them.
    ///
    /// @param column of one dimension, or of more, of which the outermost is the rows
    /// @throws IllegalArgumentException if there is a column of that name already
    public Builder column(long name, Column column) {
      return column(Json.Whole.signed(name), Long.toString(name), column);
    }

    /// Adds a column under several headings, as pandas has them in a `MultiIndex`. In Java its name
    /// is the JSON text of the list.
    ///
    /// @param names from the uppermost heading down
    /// @param column of one dimension, or of more, of which the outermost is the rows
    /// @throws IllegalArgumentException if there is a column of that name already
    public Builder column(List<String> names, Column column) {
      Json stored = new Json.Items(names.stream().<Json>map(Json.Text::new).toList());
      return column(stored, JsonText.print(stored), column);
    }

    private Builder column(Json stored, String name, Column column) {
      if (column instanceof Tensor tensor && tensor.shape().isEmpty()) {
        throw new IllegalArgumentException("a column has at least one dimension");
      }
      if (columns.putIfAbsent(name, column) != null) {
        throw new IllegalArgumentException("there are two columns '" + name + "'");
      }
      names.add(stored);
      return this;
    }

    public Builder column(String name, double... values) {
      return column(name, Tensor.of(values));
    }

    public Builder column(String name, long... values) {
      return column(name, Tensor.of(values));
    }

    public Builder column(String name, boolean... values) {
      return column(name, Tensor.of(values));
    }

    public Builder column(String name, String... values) {
      return column(name, Strings.of(values));
    }

    /// Labels the rows; without it they are the numbers from 0 up.
    public Builder index(Column labels) {
      return index(Index.of(labels));
    }

    /// Labels the rows; without it they are the numbers from 0 up.
    public Builder index(Index labels) {
      index = labels;
      return this;
    }

    /// @throws IllegalArgumentException if the columns differ in length
    public DataFrame build() {
      return new DataFrame(columns, names, index);
    }
  }
}
