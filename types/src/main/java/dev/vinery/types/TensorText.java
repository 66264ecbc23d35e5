package dev.vinery.types;

import java.util.List;

/// Prints tensors as NumPy does: nested brackets, with an ellipsis where there are many elements.
final class TensorText {
  /// Elements above which the middle of each dimension is left out.
  private static final int FULL_ELEMENTS = 1000;

  /// Elements that are shown at either end of a dimension that is cut.
  private static final int EDGE = 3;

  private final Tensor tensor;
  private final boolean cut;
  private final StringBuilder out = new StringBuilder();

  private TensorText(Tensor tensor) {
    this.tensor = tensor;
    this.cut = tensor.length() > FULL_ELEMENTS;
  }

  static String print(Tensor tensor) {
    var text = new TensorText(tensor);
    if (tensor.shape().isEmpty()) {
      text.out.append(tensor.format(0));
    } else {
      text.dimension(0, 0, tensor.length());
    }
    return text.out
        .append(" (")
        .append(tensor.elementName())
        .append(", shape ")
        .append(tensor.shape())
        .append(')')
        .toString();
  }

  /// @param from row-major index of the first element
  /// @param count elements in this dimension and those inside
  private void dimension(int dimension, long from, long count) {
    List<Long> shape = tensor.shape();
    long extent = shape.get(dimension);
    boolean innermost = dimension == shape.size() - 1;
    long stride = extent == 0 ? 0 : count / extent;
    out.append('[');
    for (long i = 0; i < extent; i++) {
      if (i > 0) {
        out.append(innermost ? ", " : ",\n" + " ".repeat(dimension + 1));
      }
      if (cut && i == EDGE && extent > 2 * EDGE) {
        out.append(innermost ? "…, " : "…,\n" + " ".repeat(dimension + 1));
        i = extent - EDGE;
      }
      if (innermost) {
        out.append(tensor.format(from + i));
      } else {
        dimension(dimension + 1, from + i * stride, stride);
      }
    }
    out.append(']');
  }
}
