package dev.vinery.types;

/// A sequence of elements of one kind: what a [DataFrame] is made of. Immutable.
///
/// A column that was got is a view over shared memory. Closing it lets go of that memory; using it
/// afterwards is an [IllegalStateException].
public sealed interface Column extends AutoCloseable permits Strings, Tensor {
  /// How many elements there are.
  long length();

  /// What the elements are, in pandas' words, for example `float64` or `str`.
  String elementName();

  /// Whether there is no value in a place: not-a-number among floats, nothing among strings.
  ///
  /// @param index from 0 to [#length()] - 1
  boolean isMissing(long index);

  /// Prints one element for people.
  ///
  /// @param index from 0 to [#length()] - 1
  String format(long index);

  @Override
  void close();
}
