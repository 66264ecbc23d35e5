package dev.vinery.types;

import java.util.Arrays;
import java.util.List;

/// A tensor or a data frame that is stored as one part of a larger one, and says where it stands
/// there.
///
/// @param value a [Tensor], [Strings], [SparseMatrix] or [DataFrame]
/// @param position a number for each dimension; of a frame row and column
public record Partitioned(Object value, List<Long> position) {
  public Partitioned {
    position = List.copyOf(position);
    if (value instanceof DataFrame && position.size() != 2) {
      throw new IllegalArgumentException(
          "a part of a frame stands in a row and a column, not at " + position);
    }
  }

  /// @param position a number for each dimension
  public static Partitioned of(Object value, long... position) {
    return new Partitioned(value, Arrays.stream(position).boxed().toList());
  }
}
