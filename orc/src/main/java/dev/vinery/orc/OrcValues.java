package dev.vinery.orc;

import java.io.IOException;
import java.math.BigDecimal;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.complex.BaseListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.orc.storage.common.type.HiveDecimal;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.DecimalColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.ListColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.MapColumnVector;
import org.apache.orc.storage.ql.exec.vector.StructColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;

/// Copies values of vectors of Arrow to where ORC writes them from, one at a time.
final class OrcValues {
  private static final long MILLIS_PER_SECOND = 1000;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private OrcValues() {}

  /// @param index in the vector
  /// @param row of the target
  /// @throws IOException if the format cannot hold the value; the message names the column
  static void copy(FieldVector from, int index, ColumnVector to, int row) throws IOException {
    if (from.isNull(index)) {
      to.noNulls = false;
      to.isNull[row] = true;
      return;
    }
    to.isNull[row] = false;
    switch (to) {
      case TimestampColumnVector times -> time((TimeStampVector) from, index, times, row);
      case LongColumnVector numbers -> numbers.vector[row] = whole(from, index);
      case DoubleColumnVector reals ->
          reals.vector[row] = ((FloatingPointVector) from).getValueAsDouble(index);
      case BytesColumnVector bytes -> bytes.setVal(row, bytes(from, index));
      case DecimalColumnVector decimals -> {
        BigDecimal value = ((DecimalVector) from).getObjectNotNull(index);
        decimals.set(row, HiveDecimal.create(value));
      }
      case ListColumnVector lists -> list((BaseListVector) from, index, lists, row);
      case MapColumnVector maps -> map((MapVector) from, index, maps, row);
      case StructColumnVector structs -> {
        for (int i = 0; i < structs.fields.length; i++) {
          copy(((StructVector) from).getChildrenFromFields().get(i), index, structs.fields[i], row);
        }
      }
      default -> throw new AssertionError("a type that no schema has here: " + to.type);
    }
  }

  private static void time(TimeStampVector from, int index, TimestampColumnVector to, int row)
      throws IOException {
    long perSecond =
        switch (((ArrowType.Timestamp) from.getField().getType()).getUnit()) {
          case SECOND -> 1;
          case MILLISECOND -> MILLIS_PER_SECOND;
          case MICROSECOND -> 1_000_000;
          case NANOSECOND -> NANOS_PER_SECOND;
        };
    long value = from.get(index);
    long nanos = Math.floorMod(value, perSecond) * (NANOS_PER_SECOND / perSecond);
    long seconds = Math.floorDiv(value, perSecond);
    if (seconds == -1 && nanos >= NANOS_PER_MILLI) {
      throw new IOException(
          "column '%s' has a time in the last second before 1970, which a file of ORC cannot hold"
              .formatted(from.getName()));
    }
    to.time[row] = seconds * MILLIS_PER_SECOND + nanos / NANOS_PER_MILLI;
    to.nanos[row] = (int) nanos;
  }

  private static long whole(FieldVector from, int index) {
    return switch (from) {
      case BitVector flags -> flags.get(index);
      case DateDayVector days -> days.get(index);
      default -> ((BaseIntVector) from).getValueAsLong(index);
    };
  }

  private static byte[] bytes(FieldVector from, int index) {
    return from instanceof FixedSizeBinaryVector fixed
        ? fixed.get(index)
        : ((VariableWidthFieldVector) from).get(index);
  }

  private static void list(BaseListVector from, int index, ListColumnVector to, int row)
      throws IOException {
    FieldVector elements = from.getChildrenFromFields().getFirst();
    int begin = from.getElementStartIndex(index);
    int length = from.getElementEndIndex(index) - begin;
    int at = to.childCount;
    to.offsets[row] = at;
    to.lengths[row] = length;
    to.childCount += length;
    to.child.ensureSize(to.childCount, true);
    for (int i = 0; i < length; i++) {
      copy(elements, begin + i, to.child, at + i);
    }
  }

  private static void map(MapVector from, int index, MapColumnVector to, int row)
      throws IOException {
    var entries = (StructVector) from.getDataVector();
    FieldVector keys = entries.getChildrenFromFields().get(0);
    FieldVector values = entries.getChildrenFromFields().get(1);
    int begin = from.getElementStartIndex(index);
    int length = from.getElementEndIndex(index) - begin;
    int at = to.childCount;
    to.offsets[row] = at;
    to.lengths[row] = length;
    to.childCount += length;
    to.keys.ensureSize(to.childCount, true);
    to.values.ensureSize(to.childCount, true);
    for (int i = 0; i < length; i++) {
      copy(keys, begin + i, to.keys, at + i);
      copy(values, begin + i, to.values, at + i);
    }
  }
}
