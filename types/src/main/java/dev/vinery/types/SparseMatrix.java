package dev.vinery.types;

import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A matrix most of whose elements are zero, in one of the five forms of SciPy. Immutable.
///
/// One that was got is a view over shared memory; closing it closes its parts. Places are read from
/// memory that others wrote: one outside of the matrix is an error when it is come to, not before.
/// Safe for use by several threads.
///
/// Source: type names `vineyard::CSRMatrix<…>` and the like.
public final class SparseMatrix implements AutoCloseable {
  /// How places are told.
  public enum Form {
    /// Row by row: columns in `indices`, and where each row begins in `starts`.
    CSR("indices", "indptr"),
    /// Column by column: rows in `indices`, and where each column begins in `starts`.
    CSC("indices", "indptr"),
    /// One by one: row and column of each.
    COO("row", "col"),
    /// As `CSR`, of blocks of one size; `values` has the dimensions block, row and column.
    BSR("indices", "indptr"),
    /// By diagonals: `values` has a row for each, in which an element stands at its column.
    DIA("offsets", "");

    private final String first;
    private final String second;

    Form(String first, String second) {
      this.first = first;
      this.second = second;
    }

    /// The name of the first part beside the values.
    String first() {
      return first;
    }

    /// The name of the second part beside the values; empty if there is none.
    String second() {
      return second;
    }
  }

  /// Takes the elements of a matrix.
  @FunctionalInterface
  public interface Elements {
    /// @param index of the value in [SparseMatrix#values()]
    void accept(long row, long column, long index);
  }

  private final Form form;
  private final long rows;
  private final long columns;
  private final Tensor values;
  private final Tensor first;
  private final @Nullable Tensor second;

  private SparseMatrix(
      Form form, long rows, long columns, Tensor values, Tensor first, @Nullable Tensor second) {
    this.form = form;
    this.rows = rows;
    this.columns = columns;
    this.values = values;
    this.first = first;
    this.second = second;
    int dimensions =
        switch (form) {
          case CSR, CSC, COO -> 1;
          case BSR -> 3;
          case DIA -> 2;
        };
    requireSize(rows >= 0 && columns >= 0, "a matrix of %d x %d".formatted(rows, columns));
    requireSize(values.shape().size() == dimensions, "values of shape " + values.shape());
    requireSize(isPlaces(first) && (second == null || isPlaces(second)), "places of no kind");
    requireSize(
        values.shape().getFirst() == first.length(),
        "%d places for values of shape %s".formatted(first.length(), values.shape()));
    switch (form) {
      case CSR -> requireStarts(rows);
      case CSC -> requireStarts(columns);
      case COO -> requireSecond(first.length());
      case BSR -> {
        long blockRows = values.shape().get(1);
        long blockColumns = values.shape().get(2);
        requireSize(
            blockRows > 0
                && blockColumns > 0
                && rows % blockRows == 0
                && columns % blockColumns == 0,
            "blocks of %d x %d in a matrix of %d x %d"
                .formatted(blockRows, blockColumns, rows, columns));
        requireStarts(rows / blockRows);
      }
      case DIA -> {}
    }
  }

  private static boolean isPlaces(Tensor places) {
    return places.shape().size() == 1
        && (places.elementType() == ElementType.INT32 || places.elementType() == ElementType.INT64);
  }

  private void requireStarts(long lines) {
    requireSecond(lines + 1);
  }

  private void requireSecond(long length) {
    requireSize(
        second != null && second.length() == length,
        "%d places where there must be %d".formatted(second == null ? 0 : second.length(), length));
  }

  private static void requireSize(boolean fits, String what) {
    if (!fits) {
      throw new IllegalArgumentException("a sparse matrix cannot have " + what);
    }
  }

  /// Makes a matrix of its parts.
  ///
  /// @param first what the form needs first: column numbers of `CSR` and `BSR`, row numbers of
  ///   `CSC` and `COO`, offsets of `DIA`; of `int32` or `int64`
  /// @param second what it needs behind: starts of `CSR`, `CSC` and `BSR`, column numbers of `COO`;
  ///   none of `DIA`
  /// @throws IllegalArgumentException if the sizes of the parts do not fit together
  static SparseMatrix of(
      Form form, long rows, long columns, Tensor values, Tensor first, @Nullable Tensor second) {
    return new SparseMatrix(form, rows, columns, values, first, second);
  }

  /// A matrix row by row.
  ///
  /// @param indices the column of each value
  /// @param starts where each row begins among the values, and where the last one ends
  public static SparseMatrix csr(
      long rows, long columns, Tensor values, Tensor indices, Tensor starts) {
    return of(Form.CSR, rows, columns, values, indices, starts);
  }

  /// A matrix column by column.
  ///
  /// @param indices the row of each value
  /// @param starts where each column begins among the values, and where the last one ends
  public static SparseMatrix csc(
      long rows, long columns, Tensor values, Tensor indices, Tensor starts) {
    return of(Form.CSC, rows, columns, values, indices, starts);
  }

  /// A matrix of elements in any order; those in one place are added.
  public static SparseMatrix coo(
      long rows, long columns, Tensor values, Tensor rowNumbers, Tensor columnNumbers) {
    return of(Form.COO, rows, columns, values, rowNumbers, columnNumbers);
  }

  /// A matrix of blocks, row by row.
  ///
  /// @param values of the dimensions block, row and column
  /// @param indices the column of each block, in blocks
  /// @param starts where each row of blocks begins, and where the last one ends
  public static SparseMatrix bsr(
      long rows, long columns, Tensor values, Tensor indices, Tensor starts) {
    return of(Form.BSR, rows, columns, values, indices, starts);
  }

  /// A matrix of diagonals.
  ///
  /// @param values a row for each diagonal, in which an element stands at its column
  /// @param offsets how far each diagonal is above the main one; negative below
  public static SparseMatrix dia(long rows, long columns, Tensor values, Tensor offsets) {
    return of(Form.DIA, rows, columns, values, offsets, null);
  }

  public Form form() {
    return form;
  }

  public long rows() {
    return rows;
  }

  public long columns() {
    return columns;
  }

  public Tensor values() {
    return values;
  }

  Tensor first() {
    return first;
  }

  @Nullable Tensor second() {
    return second;
  }

  /// How many elements are stored, whether they are zero or not.
  public long storedCount() {
    if (form != Form.DIA) {
      return values.length();
    }
    var count = new long[1];
    forEach((_, _, _) -> count[0]++);
    return count[0];
  }

  /// Hands over the elements that are stored, in the order they are stored in.
  ///
  /// @throws StoreException if one stands outside of the matrix
  public void forEach(Elements elements) {
    switch (form) {
      case CSR -> lines(1, 1, elements);
      case CSC -> lines(1, 1, (column, row, index) -> elements.accept(row, column, index));
      case BSR -> lines(values.shape().get(1), values.shape().get(2), elements);
      case COO -> {
        Tensor columnNumbers = Objects.requireNonNull(second);
        for (long i = 0; i < values.length(); i++) {
          hand(first.getLong(i), columnNumbers.getLong(i), i, elements, rows, columns);
        }
      }
      case DIA -> diagonals(elements);
    }
  }

  /// The forms that tell where each line begins.
  private void lines(long blockRows, long blockColumns, Elements elements) {
    Tensor starts = Objects.requireNonNull(second);
    long height = form == Form.CSC ? columns : rows;
    long width = form == Form.CSC ? rows : columns;
    for (long line = 0; line < starts.length() - 1; line++) {
      long end = starts.getLong(line + 1);
      if (end > first.length()) {
        throw outside("line " + line + " ends at " + end + " of " + first.length());
      }
      for (long block = Math.max(0, starts.getLong(line)); block < end; block++) {
        for (long i = 0; i < blockRows * blockColumns; i++) {
          hand(
              line * blockRows + i / blockColumns,
              first.getLong(block) * blockColumns + i % blockColumns,
              block * blockRows * blockColumns + i,
              elements,
              height,
              width);
        }
      }
    }
  }

  private void diagonals(Elements elements) {
    long stored = values.shape().get(1);
    for (long i = 0; i < first.length(); i++) {
      long offset = first.getLong(i);
      if (offset <= -rows || offset >= columns) {
        continue; // all of it lies outside, as SciPy allows
      }
      long end = Math.min(Math.min(stored, columns), rows + offset);
      for (long column = Math.max(0, offset); column < end; column++) {
        elements.accept(column - offset, column, i * stored + column);
      }
    }
  }

  private static void hand(
      long line, long place, long index, Elements elements, long height, long width) {
    if (line < 0 || line >= height || place < 0 || place >= width) {
      throw outside("an element at %d, %d of %d, %d".formatted(line, place, height, width));
    }
    elements.accept(line, place, index);
  }

  private static StoreException outside(String what) {
    return new StoreException(Status.META_TREE_INVALID, "a sparse matrix has " + what);
  }

  /// Makes a dense matrix of `float64`, or of `complex128` if the values are complex. Elements in
  /// one place are added.
  ///
  /// @throws IllegalArgumentException if it is larger than 2 GiB
  /// @throws StoreException if an element stands outside of the matrix
  public Tensor toDense() {
    ElementType type =
        values.elementType().isComplex() ? ElementType.COMPLEX128 : ElementType.FLOAT64;
    int width = type.sizeBytes() / Double.BYTES;
    long count = Math.multiplyExact(Math.multiplyExact(rows, columns), width);
    if (count > Integer.MAX_VALUE / Double.BYTES) {
      throw new IllegalArgumentException(count + " numbers are too many for a dense matrix");
    }
    double[] dense = new double[(int) count];
    forEach((row, column, index) -> {
      int at = (int) (row * columns + column) * width;
      Complex value = values.getComplex(index);
      dense[at] += value.real();
      if (width == 2) {
        dense[at + 1] += value.imaginary();
      }
    });
    return Tensor.of(type, List.of(rows, columns), MemorySegment.ofArray(dense));
  }

  /// Whether form, size and all parts are equal.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SparseMatrix that
        && form == that.form
        && rows == that.rows
        && columns == that.columns
        && values.equals(that.values)
        && first.equals(that.first)
        && Objects.equals(second, that.second);
  }

  @Override
  public int hashCode() {
    return Objects.hash(form, rows, columns);
  }

  @Override
  public String toString() {
    return "SparseMatrix[%s, %d x %d of %s, values=%s]"
        .formatted(form, rows, columns, values.elementName(), values);
  }

  @Override
  public void close() {
    values.close();
    first.close();
    if (second != null) {
      second.close();
    }
  }
}
