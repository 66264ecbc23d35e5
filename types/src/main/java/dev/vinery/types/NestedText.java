package dev.vinery.types;

import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;

/// Prints arrays as NumPy does: nested brackets, with an ellipsis where there are many elements.
final class NestedText {
  /// Elements above which the middle of each dimension is left out.
  private static final int FULL_ELEMENTS = 1000;

  /// Elements that are shown at either end of a dimension that is cut.
  private static final int EDGE = 3;

  private final List<Long> shape;
  private final LongFunction<String> format;
  private final boolean cut;
  private final StringBuilder out = new StringBuilder();

  private NestedText(List<Long> shape, LongFunction<String> format) {
    this.shape = shape;
    this.format = format;
    // An array without elements can still have a dimension of any extent.
    this.cut =
        Tensor.elementCount(shape) > FULL_ELEMENTS
            || shape.stream().anyMatch(extent -> extent > FULL_ELEMENTS);
  }

  /// @param format prints the element at a row-major index
  static String print(List<Long> shape, LongFunction<String> format) {
    var text = new NestedText(shape, format);
    text.dimension(0, 0, Tensor.elementCount(shape));
    return text.out.toString();
  }

  /// Prints what lies at one place of the outermost dimension, on one line.
  static String printRow(List<Long> shape, LongFunction<String> format, long row) {
    var text = new NestedText(shape, format);
    long count = Tensor.elementCount(shape) / shape.getFirst();
    text.dimension(1, Objects.checkIndex(row, shape.getFirst()) * count, count);
    return text.out.toString().replaceAll("\\s+", " ");
  }

  /// @param from row-major index of the first element
  /// @param count elements in this dimension and those inside
  private void dimension(int dimension, long from, long count) {
    if (dimension == shape.size()) {
      out.append(format.apply(from));
      return;
    }
    long extent = shape.get(dimension);
    boolean innermost = dimension == shape.size() - 1;
    long stride = extent == 0 ? 0 : count / extent;
    String between = innermost ? ", " : ",\n" + " ".repeat(dimension + 1);
    out.append('[');
    for (long i = 0; i < extent; i++) {
      if (i > 0) {
        out.append(between);
      }
      if (cut && i == EDGE && extent > 2 * EDGE) {
        out.append('…').append(between);
        i = extent - EDGE;
      }
      dimension(dimension + 1, from + i * stride, stride);
    }
    out.append(']');
  }
}
