package dev.vinery.arrow;

import dev.vinery.types.Column;
import dev.vinery.types.DataFrame;
import dev.vinery.types.ElementType;
import dev.vinery.types.ObjectTensor;
import dev.vinery.types.SparseColumn;
import dev.vinery.types.Strings;
import dev.vinery.types.Tensor;
import dev.vinery.types.ZonedTimes;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/// Columns of frames as vectors, copied.
final class FrameVectors {
  /// Bytes that are copied in one go; a buffer holds no more than 2^31 - 1.
  private static final long COPY_STEP_BYTES = 1L << 30;

  private FrameVectors() {}

  /// @return a batch, which the caller closes
  /// @throws IllegalArgumentException if a column has no form in Arrow; the message names it
  static VectorSchemaRoot batch(DataFrame frame, BufferAllocator memory) {
    List<FieldVector> vectors = new ArrayList<>();
    boolean made = false;
    try {
      frame.columns().forEach((name, column) -> vectors.add(vector(name, column, memory)));
      var batch = new VectorSchemaRoot(vectors);
      batch.setRowCount(Math.toIntExact(frame.rowCount()));
      made = true;
      return batch;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("a vector has fewer than 2^31 rows", e);
    } finally {
      if (!made) {
        vectors.forEach(FieldVector::close);
      }
    }
  }

  private static FieldVector vector(String name, Column column, BufferAllocator memory) {
    FieldVector vector =
        new Field(name, FieldType.nullable(type(name, column)), List.of()).createVector(memory);
    boolean filled = false;
    try {
      int count = Math.toIntExact(column.length());
      vector.setInitialCapacity(Math.max(1, count));
      vector.allocateNew();
      fill(vector, column, count);
      vector.setValueCount(count);
      filled = true;
      return vector;
    } finally {
      if (!filled) {
        vector.close();
      }
    }
  }

  private static ArrowType type(String name, Column column) {
    return switch (column) {
      case Tensor tensor when tensor.shape().size() == 1 && !tensor.elementType().isComplex() ->
          type(tensor.elementType());
      case Strings _ -> ArrowType.LargeUtf8.INSTANCE;
      case ObjectTensor objects when areTexts(objects) -> ArrowType.LargeUtf8.INSTANCE;
      case ZonedTimes zoned -> type(zoned);
      case SparseColumn _ -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case Tensor _, ObjectTensor _ ->
          throw new IllegalArgumentException(
              "column '%s' holds %s, which has no form in Arrow here"
                  .formatted(
                      name,
                      column.rowCount() == column.length() ? column.elementName() : "arrays"));
    };
  }

  private static ArrowType type(ZonedTimes times) {
    var instants = (ArrowType.Timestamp) type(times.instants().elementType());
    return new ArrowType.Timestamp(instants.getUnit(), times.zoneName());
  }

  private static ArrowType type(ElementType type) {
    return switch (type) {
      case BOOL -> ArrowType.Bool.INSTANCE;
      case INT8, INT16, INT32, INT64 -> new ArrowType.Int(Byte.SIZE * type.sizeBytes(), true);
      case UINT8, UINT16, UINT32, UINT64 -> new ArrowType.Int(Byte.SIZE * type.sizeBytes(), false);
      case FLOAT16 -> new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);
      case FLOAT32 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case FLOAT64 -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case DATETIME_DAY -> new ArrowType.Date(DateUnit.DAY);
      case DATETIME_SECOND -> new ArrowType.Timestamp(TimeUnit.SECOND, null);
      case DATETIME_MILLI -> new ArrowType.Timestamp(TimeUnit.MILLISECOND, null);
      case DATETIME_MICRO -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
      case DATETIME_NANO -> new ArrowType.Timestamp(TimeUnit.NANOSECOND, null);
      case DURATION_SECOND -> new ArrowType.Duration(TimeUnit.SECOND);
      case DURATION_MILLI -> new ArrowType.Duration(TimeUnit.MILLISECOND);
      case DURATION_MICRO -> new ArrowType.Duration(TimeUnit.MICROSECOND);
      case DURATION_NANO -> new ArrowType.Duration(TimeUnit.NANOSECOND);
      case COMPLEX64, COMPLEX128 -> throw new AssertionError("complex numbers are refused before");
    };
  }

  /// Whether all objects are strings, apart from those that are missing.
  private static boolean areTexts(ObjectTensor objects) {
    for (long i = 0; i < objects.length(); i++) {
      if (!objects.isMissing(i) && !(objects.get(i).orElse("") instanceof String)) {
        return false;
      }
    }
    return objects.shape().size() == 1;
  }

  private static void fill(FieldVector vector, Column column, int count) {
    switch (vector) {
      case LargeVarCharVector texts -> {
        for (int i = 0; i < count; i++) {
          if (!column.isMissing(i)) {
            texts.setSafe(i, column.format(i).getBytes(StandardCharsets.UTF_8));
          }
        }
      }
      case BitVector bits -> {
        for (int i = 0; i < count; i++) {
          bits.set(i, ((Tensor) column).getBoolean(i) ? 1 : 0);
        }
      }
      case DateDayVector days -> {
        for (int i = 0; i < count; i++) {
          if (!column.isMissing(i)) {
            days.set(i, Math.toIntExact(((Tensor) column).getLong(i)));
          }
        }
      }
      case Float8Vector reals when column instanceof SparseColumn sparse -> {
        for (int i = 0; i < count; i++) {
          if (!sparse.isMissing(i)) {
            reals.set(i, sparse.getDouble(i));
          }
        }
      }
      case BaseFixedWidthVector numbers when column instanceof ZonedTimes zoned ->
          copy(zoned.instants(), numbers, count);
      case BaseFixedWidthVector numbers -> copy((Tensor) column, numbers, count);
      default -> throw new AssertionError("no such vector is made here: " + vector.getField());
    }
  }

  private static void copy(Tensor tensor, BaseFixedWidthVector vector, int count) {
    MemorySegment values = tensor.values();
    for (long at = 0; at < values.byteSize(); at += COPY_STEP_BYTES) {
      long step = Math.min(COPY_STEP_BYTES, values.byteSize() - at);
      MemorySegment.ofBuffer(vector.getDataBuffer().nioBuffer(at, (int) step))
          .copyFrom(values.asSlice(at, step));
    }
    for (int i = 0; i < count; i++) {
      if (!tensor.isMissing(i)) {
        BitVectorHelper.setBit(vector.getValidityBuffer(), i);
      }
    }
  }
}
