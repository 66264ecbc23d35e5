package dev.vinery.cli;

import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.types.Column;
import dev.vinery.types.DataFrame;
import dev.vinery.types.ElementType;
import dev.vinery.types.Index;
import dev.vinery.types.ObjectTensor;
import dev.vinery.types.Pair;
import dev.vinery.types.Series;
import dev.vinery.types.SparseColumn;
import dev.vinery.types.SparseMatrix;
import dev.vinery.types.Strings;
import dev.vinery.types.Tensor;
import dev.vinery.types.ZonedTimes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Values as programs read them. What is missing is `null`; bytes are hexadecimal digits; arrays
/// nest as deep as they have dimensions; a table is an array of rows; a sparse matrix is an array
/// of row, column and value.
final class ValueJson {
  /// How many rows, or elements of the outermost dimension, are written at most.
  private final long limit;

  private ValueJson(long limit) {
    this.limit = limit;
  }

  static Json of(@Nullable Object value, long limit) {
    return new ValueJson(limit).of(value);
  }

  private Json of(@Nullable Object value) {
    return switch (value) {
      case null -> Json.Null.NULL;
      case DataFrame frame -> items(frame.rowCount(), row -> row(frame, row));
      case Tensor tensor -> tensor(tensor, 0, 0, tensor.length());
      case Strings strings -> items(strings.length(), i -> element(strings, i));
      case ObjectTensor objects -> items(objects.length(), i -> element(objects, i));
      case SparseColumn sparse -> items(sparse.length(), i -> element(sparse, i));
      case ZonedTimes times -> items(times.length(), i -> element(times, i));
      case Index index -> of(index.labels());
      case Series series -> of(series.values());
      case SparseMatrix matrix -> sparse(matrix);
      case Map<?, ?> map -> {
        var fields = new LinkedHashMap<String, Json>();
        map.forEach((key, each) -> fields.put(String.valueOf(key), of(each)));
        yield Json.Fields.of(fields);
      }
      case Set<?> set -> of(List.copyOf(set));
      case Optional<?> optional -> of(optional.orElse(null));
      case byte[] bytes -> new Json.Text(HexFormat.of().formatHex(bytes));
      case List<?> list -> items(list.size(), i -> of(list.get((int) i)));
      case Pair(var first, var second) -> new Json.Items(List.of(of(first), of(second)));
      case MemorySegment bytes ->
          new Json.Text(HexFormat.of().formatHex(bytes.toArray(ValueLayout.JAVA_BYTE)));
      case Boolean flag -> new Json.Flag(flag);
      case Double number -> new Json.Real(number);
      case Float number -> new Json.Real(number);
      case BigInteger number -> whole(number);
      case Number number -> Json.Whole.signed(number.longValue());
      case VineryObject unknown -> unknown.metadata().fields();
      default -> new Json.Text(value.toString());
    };
  }

  /// A number that JSON readers keep, or its digits as text.
  private static Json whole(BigInteger number) {
    if (number.bitLength() < Long.SIZE) {
      return Json.Whole.signed(number.longValueExact());
    }
    return number.signum() > 0 && number.bitLength() == Long.SIZE
        ? Json.Whole.unsigned(number.longValue())
        : new Json.Text(number.toString());
  }

  /// An array of row, column and value for each element that is stored.
  private Json.Items sparse(SparseMatrix matrix) {
    List<Json> elements = new ArrayList<>();
    matrix.forEach((row, column, index) -> {
      if (elements.size() < limit) {
        elements.add(
            new Json.Items(
                List.of(
                    Json.Whole.signed(row),
                    Json.Whole.signed(column),
                    element(matrix.values(), index))));
      }
    });
    return new Json.Items(elements);
  }

  private Json.Items items(long count, LongFunction<Json> item) {
    List<Json> items = new ArrayList<>();
    for (long i = 0; i < Math.min(limit, count); i++) {
      items.add(item.apply(i));
    }
    return new Json.Items(items);
  }

  /// @param from row-major index of the first element
  /// @param count elements in this dimension and those inside
  private Json tensor(Tensor tensor, int dimension, long from, long count) {
    if (dimension == tensor.shape().size()) {
      return element(tensor, from);
    }
    long extent = tensor.shape().get(dimension);
    long stride = extent == 0 ? 0 : count / extent;
    return items(extent, i -> tensor(tensor, dimension + 1, from + i * stride, stride));
  }

  /// One row as an object, names to values.
  static Json.Fields row(DataFrame frame, long row) {
    var fields = new LinkedHashMap<String, Json>();
    frame.columns().forEach((name, column) -> fields.put(name, element(column, row)));
    return Json.Fields.of(fields);
  }

  private static Json element(Column column, long index) {
    if (column.isMissing(index)) {
      return Json.Null.NULL;
    }
    return switch (column) {
      case Strings strings -> new Json.Text(strings.get(index).orElseThrow());
      case Tensor tensor when tensor.elementType() == ElementType.BOOL ->
          new Json.Flag(tensor.getBoolean(index));
      case Tensor tensor when tensor.elementType().isFloating() ->
          new Json.Real(tensor.getDouble(index));
      case Tensor tensor when tensor.elementType() == ElementType.UINT64 ->
          Json.Whole.unsigned(tensor.getLong(index));
      case Tensor tensor when tensor.elementType().isComplex() || tensor.elementType().isTime() ->
          new Json.Text(tensor.format(index));
      case Tensor tensor -> Json.Whole.signed(tensor.getLong(index));
      case SparseColumn sparse -> new Json.Real(sparse.getDouble(index));
      case ZonedTimes times -> new Json.Text(times.format(index));
      case ObjectTensor objects -> of(objects.get(index).orElseThrow(), Long.MAX_VALUE);
    };
  }
}
