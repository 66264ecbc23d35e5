package dev.vinery.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.vinery.types.Column;
import dev.vinery.types.ElementType;
import dev.vinery.types.Strings;
import dev.vinery.types.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/// Makes columns of data frames of vectors, as pandas would: whole numbers of which some are
/// missing become `float64`, booleans text; dates become times. Nothing is copied that can stay.
final class FrameColumns {
  private static final ValueLayout.OfLong OFFSET =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long SECONDS_PER_DAY = 86_400;

  private FrameColumns() {}

  /// @return a view over the vector where that is possible
  /// @throws IOException if a frame has no such columns; the message names the column
  static Column of(FieldVector vector) throws IOException {
    return switch (vector.getField().getType()) {
      case ArrowType.Null _ -> reals(vector, _ -> Double.NaN);
      case ArrowType.Bool _ -> flags((BitVector) vector);
      case ArrowType.Int type -> whole(vector, type);
      case ArrowType.FloatingPoint type -> real(vector, type);
      case ArrowType.Decimal _ -> decimals((DecimalVector) vector);
      case ArrowType.Timestamp type -> times(vector, type.getUnit());
      case ArrowType.Date _ when vector instanceof DateDayVector days -> days(days);
      case ArrowType.Utf8 _, ArrowType.LargeUtf8 _ -> strings(vector);
      default ->
          throw new IOException(
              "column '%s' holds values of type %s, which a data frame cannot"
                  .formatted(vector.getName(), vector.getField().getType()));
    };
  }

  private interface Numbers {
    double at(int index);
  }

  private static Tensor reals(FieldVector vector, Numbers numbers) {
    double[] values = new double[vector.getValueCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = vector.isNull(i) ? Double.NaN : numbers.at(i);
    }
    return Tensor.of(values);
  }

  private static Column flags(BitVector vector) {
    int count = vector.getValueCount();
    if (vector.getNullCount() > 0) {
      List<Optional<String>> texts = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        texts.add(
            vector.isNull(i)
                ? Optional.empty()
                : Optional.of(vector.get(i) == 1 ? "true" : "false"));
      }
      return Strings.ofOptional(texts);
    }
    boolean[] values = new boolean[count];
    for (int i = 0; i < count; i++) {
      values[i] = vector.get(i) == 1;
    }
    return Tensor.of(values);
  }

  private static Column whole(FieldVector vector, ArrowType.Int type) {
    if (vector.getNullCount() > 0) {
      return reals(vector, ((BaseIntVector) vector)::getValueAsLong);
    }
    boolean signed = type.getIsSigned();
    return fixed(
        vector,
        switch (type.getBitWidth()) {
          case 8 -> signed ? ElementType.INT8 : ElementType.UINT8;
          case 16 -> signed ? ElementType.INT16 : ElementType.UINT16;
          case 32 -> signed ? ElementType.INT32 : ElementType.UINT32;
          default -> signed ? ElementType.INT64 : ElementType.UINT64;
        });
  }

  private static Column real(FieldVector vector, ArrowType.FloatingPoint type) {
    if (vector.getNullCount() > 0) {
      return reals(vector, ((FloatingPointVector) vector)::getValueAsDouble);
    }
    return fixed(
        vector,
        switch (type.getPrecision()) {
          case HALF -> ElementType.FLOAT16;
          case SINGLE -> ElementType.FLOAT32;
          case DOUBLE -> ElementType.FLOAT64;
        });
  }

  private static Column decimals(DecimalVector vector) {
    return reals(vector, i -> vector.getObjectNotNull(i).doubleValue());
  }

  private static Column times(FieldVector vector, TimeUnit unit) {
    ElementType type =
        switch (unit) {
          case SECOND -> ElementType.DATETIME_SECOND;
          case MILLISECOND -> ElementType.DATETIME_MILLI;
          case MICROSECOND -> ElementType.DATETIME_MICRO;
          case NANOSECOND -> ElementType.DATETIME_NANO;
        };
    if (vector.getNullCount() == 0) {
      return fixed(vector, type);
    }
    long[] values = memory(vector.getDataBuffer(), 8L * vector.getValueCount()).toArray(OFFSET);
    for (int i = 0; i < values.length; i++) {
      if (vector.isNull(i)) {
        values[i] = ElementType.NOT_A_TIME;
      }
    }
    return Tensor.of(values).as(type);
  }

  private static Column days(DateDayVector vector) {
    long[] seconds = new long[vector.getValueCount()];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = vector.isNull(i) ? ElementType.NOT_A_TIME : vector.get(i) * SECONDS_PER_DAY;
    }
    return Tensor.of(seconds).as(ElementType.DATETIME_SECOND);
  }

  private static Tensor fixed(FieldVector vector, ElementType type) {
    long count = vector.getValueCount();
    return Tensor.of(
        type, List.of(count), memory(vector.getDataBuffer(), count * type.sizeBytes()));
  }

  private static Column strings(FieldVector vector) {
    int count = vector.getValueCount();
    boolean large = vector.getField().getType() instanceof ArrowType.LargeUtf8;
    MemorySegment offsets = MemorySegment.ofArray(new long[count + 1]);
    ArrowBuf narrow = vector.getOffsetBuffer();
    for (int i = 0; i <= count && count > 0; i++) {
      long offset = large ? narrow.getLong(8L * i) : narrow.getInt(4L * i);
      offsets.setAtIndex(OFFSET, i, offset);
    }
    long dataBytes = offsets.getAtIndex(OFFSET, count);
    int missing = vector.getNullCount();
    return Strings.of(
        count,
        missing,
        memory(vector.getDataBuffer(), dataBytes),
        offsets,
        memory(vector.getValidityBuffer(), missing == 0 ? 0 : (count + 7) / 8));
  }

  private static MemorySegment memory(ArrowBuf buffer, long sizeBytes) {
    return sizeBytes == 0
        ? MemorySegment.ofArray(new byte[0])
        : MemorySegment.ofBuffer(buffer.nioBuffer(0, Math.toIntExact(sizeBytes)));
  }

  /// The same values as a column that has room for others: numbers as `float64`, anything else as
  /// text.
  static Column widened(Column column, boolean toNumbers) {
    if (!(column instanceof Tensor tensor)) {
      return column;
    }
    int count = Math.toIntExact(tensor.length());
    if (toNumbers) {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        values[i] = tensor.getDouble(i);
      }
      return Tensor.of(values);
    }
    List<Optional<String>> texts = new ArrayList<>(count);
    MemorySegment flags = tensor.values();
    for (int i = 0; i < count; i++) {
      texts.add(Optional.of(flags.get(JAVA_BYTE, i) == 0 ? "false" : "true"));
    }
    return Strings.ofOptional(texts);
  }
}
