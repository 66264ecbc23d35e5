package dev.vinery.types;

/// A sequence of elements of one kind: what a [DataFrame] is made of. Immutable.
///
/// A column that was got is a view over shared memory. Closing it lets go of that memory; using it
/// afterwards is an [IllegalStateException].
public sealed interface Column extends AutoCloseable
    permits Strings, Tensor, ObjectTensor, SparseColumn, ZonedTimes {
  /// How many elements there are.
  long length();

  /// How many rows of a frame this column fills: [#length()], or of an array of several dimensions
  /// the extent of the outermost.
  default long rowCount() {
    return length();
  }

  /// What the elements are, in pandas' words, for example `float64` or `str`.
  String elementName();

  /// Whether there is no value in a place: not-a-number among floats, nothing among strings and
  /// objects.
  ///
  /// @param index from 0 to [#length()] - 1
  boolean isMissing(long index);

  /// Prints one element for people.
  ///
  /// @param index from 0 to [#length()] - 1
  String format(long index);

  /// Prints one row for people.
  ///
  /// @param row from 0 to [#rowCount()] - 1
  default String formatRow(long row) {
    return format(row);
  }

  @Override
  void close();
}
