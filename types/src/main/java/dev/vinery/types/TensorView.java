package dev.vinery.types;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Elements that lie in memory at regular distances, for example a column of a matrix, or a matrix
/// in column-major order. Immutable; a view over the memory of a [Tensor], or over other memory.
///
/// Putting one stores its elements in row-major order, as all clients do; of one whose memory is
/// column-major, Python makes a column-major array again. Safe for use by several threads.
public final class TensorView {
  private final ElementType elementType;
  private final List<Long> shape;
  private final List<Long> strides;
  private final long offset;
  private final MemorySegment memory;

  private TensorView(
      ElementType elementType,
      List<Long> shape,
      List<Long> strides,
      long offset,
      MemorySegment memory) {
    this.elementType = elementType;
    this.shape = List.copyOf(shape);
    this.strides = List.copyOf(strides);
    this.offset = offset;
    this.memory = memory.asReadOnly();
  }

  /// Describes elements in memory.
  ///
  /// @param shape extents, outermost first, each at least 0
  /// @param strides for each dimension, the distance of two neighbours in bytes; may be negative
  /// @param offset where the first element lies in `memory`, in bytes
  /// @throws IllegalArgumentException if an element would lie outside of `memory`
  public static TensorView of(
      ElementType elementType,
      List<Long> shape,
      List<Long> strides,
      long offset,
      MemorySegment memory) {
    if (shape.size() != strides.size()) {
      throw new IllegalArgumentException(
          "%d strides for %d dimensions".formatted(strides.size(), shape.size()));
    }
    long first = offset;
    long last = offset;
    for (int i = 0; i < shape.size(); i++) {
      long reach = Math.multiplyExact(Math.max(0, shape.get(i) - 1), strides.get(i));
      first = Math.addExact(first, Math.min(0, reach));
      last = Math.addExact(last, Math.max(0, reach));
    }
    boolean empty = Tensor.elementCount(shape) == 0;
    if (!empty && (first < 0 || last > memory.byteSize() - elementType.sizeBytes())) {
      throw new IllegalArgumentException(
          "elements from byte %d to %d do not lie in %d bytes"
              .formatted(first, last + elementType.sizeBytes(), memory.byteSize()));
    }
    return new TensorView(elementType, shape, strides, offset, memory);
  }

  /// Describes elements in column-major order.
  ///
  /// @throws IllegalArgumentException if there are too few bytes
  public static TensorView columnMajor(
      ElementType elementType, List<Long> shape, MemorySegment memory) {
    List<Long> strides = new ArrayList<>();
    long stride = elementType.sizeBytes();
    for (long extent : shape) {
      strides.add(stride);
      stride = Math.multiplyExact(stride, Math.max(1, extent));
    }
    return of(elementType, shape, strides, 0, memory);
  }

  static TensorView of(Tensor tensor) {
    List<Long> strides = new ArrayList<>();
    long stride = tensor.elementType().sizeBytes();
    for (long extent : tensor.shape().reversed()) {
      strides.addFirst(stride);
      stride *= Math.max(1, extent);
    }
    return new TensorView(tensor.elementType(), tensor.shape(), strides, 0, tensor.values());
  }

  public ElementType elementType() {
    return elementType;
  }

  /// Extents, outermost first.
  public List<Long> shape() {
    return shape;
  }

  /// For each dimension, the distance of two neighbours in bytes.
  public List<Long> strides() {
    return strides;
  }

  /// The memory that the elements lie in; read-only.
  public MemorySegment memory() {
    return memory;
  }

  /// Where the element at some indices lies in [#memory()], in bytes.
  ///
  /// @param indices one for each dimension
  /// @throws IndexOutOfBoundsException if one is out of its extent
  public long offset(long... indices) {
    if (indices.length != shape.size()) {
      throw new IllegalArgumentException(
          "%d indices for %d dimensions".formatted(indices.length, shape.size()));
    }
    long at = offset;
    for (int i = 0; i < indices.length; i++) {
      at += Objects.checkIndex(indices[i], shape.get(i)) * strides.get(i);
    }
    return at;
  }

  /// Reads one element as a tensor of no dimensions, which has all ways to read it.
  public Tensor at(long... indices) {
    return Tensor.of(
        elementType, List.of(), memory.asSlice(offset(indices), elementType.sizeBytes()));
  }

  /// The same elements with the dimensions in the reverse order.
  public TensorView transposed() {
    return new TensorView(elementType, shape.reversed(), strides.reversed(), offset, memory);
  }

  /// The part that lies at one place of a dimension, which is gone then.
  public TensorView select(int dimension, long index) {
    long at = offset + Objects.checkIndex(index, shape.get(dimension)) * strides.get(dimension);
    List<Long> newShape = new ArrayList<>(shape);
    List<Long> newStrides = new ArrayList<>(strides);
    newShape.remove(dimension);
    newStrides.remove(dimension);
    return new TensorView(elementType, newShape, newStrides, at, memory);
  }

  /// Every `step`-th place of a dimension, as Python's `[from:to:step]`.
  ///
  /// @param to behind the last place
  /// @param step at least 1
  public TensorView slice(int dimension, long from, long to, long step) {
    Objects.checkFromToIndex(from, to, shape.get(dimension));
    if (step < 1) {
      throw new IllegalArgumentException("a step must be at least 1: " + step);
    }
    List<Long> newShape = new ArrayList<>(shape);
    List<Long> newStrides = new ArrayList<>(strides);
    newShape.set(dimension, Math.ceilDiv(to - from, step));
    newStrides.set(dimension, Math.multiplyExact(strides.get(dimension), step));
    return new TensorView(
        elementType, newShape, newStrides, offset + from * strides.get(dimension), memory);
  }

  /// Copies the elements into a tensor of their own.
  ///
  /// @throws IllegalArgumentException if they are more than 2 GiB
  public Tensor toTensor() {
    long sizeBytes = Tensor.elementCount(shape) * elementType.sizeBytes();
    if (sizeBytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(sizeBytes + " bytes are more than an array can hold");
    }
    MemorySegment copy = MemorySegment.ofArray(new byte[(int) sizeBytes]);
    copyTo(copy);
    return Tensor.of(elementType, shape, copy);
  }

  long sizeBytes() {
    return Math.multiplyExact(Tensor.elementCount(shape), elementType.sizeBytes());
  }

  /// Whether the elements lie in column-major order and not in row-major order.
  boolean isColumnMajor() {
    long stride = elementType.sizeBytes();
    for (int i = 0; i < shape.size(); i++) {
      if (strides.get(i) != stride) {
        return false;
      }
      stride *= Math.max(1, shape.get(i));
    }
    return shape.stream().filter(extent -> extent > 1).count() > 1;
  }

  /// Writes the elements in row-major order.
  ///
  /// @param to [#sizeBytes()] bytes
  void copyTo(MemorySegment to) {
    if (sizeBytes() > 0) {
      copy(0, offset, to, 0, sizeBytes());
    }
  }

  /// @param from where the first element of this dimension lies in the memory
  /// @param sizeBytes of all elements in this dimension
  private void copy(int dimension, long from, MemorySegment to, long at, long sizeBytes) {
    if (dimension == shape.size()) {
      MemorySegment.copy(memory, from, to, at, elementType.sizeBytes());
      return;
    }
    long extent = shape.get(dimension);
    long each = sizeBytes / extent;
    if (each == elementType.sizeBytes() && strides.get(dimension) == each) {
      MemorySegment.copy(memory, from, to, at, sizeBytes);
      return;
    }
    for (long i = 0; i < extent; i++) {
      copy(dimension + 1, from + i * strides.get(dimension), to, at + i * each, each);
    }
  }

  @Override
  public String toString() {
    return "TensorView[elementType=%s, shape=%s, strides=%s]"
        .formatted(elementType.numpyName(), shape, strides);
  }
}
