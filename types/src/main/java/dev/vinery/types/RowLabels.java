package dev.vinery.types;

import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Labels of rows where none are given: the numbers from 0 up. They are stored, as pandas does.
final class RowLabels {
  private RowLabels() {}

  static Index numbered(long count) {
    return Index.of(Tensor.of(LongStream.range(0, count).toArray()));
  }

  /// Whether two indices are equal, where none is the same as the numbers from 0 up.
  static boolean equal(@Nullable Index left, @Nullable Index right) {
    if (left == null || right == null) {
      return isNumbered(left) && isNumbered(right);
    }
    return left.equals(right);
  }

  /// Whether these are no labels but the numbers from 0 up, without a name.
  static boolean isNumbered(@Nullable Index index) {
    return index == null
        || (index.name().isEmpty()
            && index.labels() instanceof Tensor labels
            && labels.elementType() == ElementType.INT64
            && LongStream.range(0, labels.length()).allMatch(i -> labels.getLong(i) == i));
  }
}
