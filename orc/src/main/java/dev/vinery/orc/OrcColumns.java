package dev.vinery.orc;

import java.math.BigDecimal;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.DecimalColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.ListColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.MapColumnVector;
import org.apache.orc.storage.ql.exec.vector.StructColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;

/// Copies values of ORC into vectors of Arrow, one at a time.
final class OrcColumns {
  private static final long MILLIS_PER_SECOND = 1000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private OrcColumns() {}

  /// @param row of the source
  /// @param index in the vector, one behind the last that was set
  /// @throws ArithmeticException if a time is beyond what nanoseconds since 1970 can express
  static void copy(ColumnVector from, int row, FieldVector to, int index) {
    int at = from.isRepeating ? 0 : row;
    if (!from.noNulls && from.isNull[at]) {
      to.setNull(index);
      return;
    }
    switch (from) {
      case TimestampColumnVector times ->
          ((TimeStampVector) to).setSafe(index, nanos(times.time[at], times.nanos[at]));
      case LongColumnVector numbers -> whole(numbers.vector[at], to, index);
      case DoubleColumnVector reals -> real(reals.vector[at], to, index);
      case BytesColumnVector bytes ->
          bytes(bytes.vector[at], bytes.start[at], bytes.length[at], to, index);
      case DecimalColumnVector decimals -> {
        var vector = (DecimalVector) to;
        BigDecimal value = decimals.vector[at].getHiveDecimal().bigDecimalValue();
        vector.setSafe(index, value.setScale(vector.getScale()));
      }
      case ListColumnVector lists ->
          list(lists.child, lists.offsets[at], lists.lengths[at], (ListVector) to, index);
      case MapColumnVector maps -> map(maps, at, (ListVector) to, index);
      case StructColumnVector structs -> struct(structs.fields, at, (StructVector) to, index);
      default -> throw new AssertionError("a type that no schema has here: " + from.type);
    }
  }

  /// @param nanosOfSecond below 0 in files of pyarrow, where seconds before 1970 are rounded up
  private static long nanos(long millis, int nanosOfSecond) {
    long seconds =
        nanosOfSecond < 0 ? millis / MILLIS_PER_SECOND : Math.floorDiv(millis, MILLIS_PER_SECOND);
    return Math.addExact(Math.multiplyExact(seconds, NANOS_PER_SECOND), nanosOfSecond);
  }

  private static void whole(long value, FieldVector to, int index) {
    switch (to) {
      case BitVector flags -> flags.setSafe(index, value == 0 ? 0 : 1);
      case TinyIntVector numbers -> numbers.setSafe(index, (int) value);
      case SmallIntVector numbers -> numbers.setSafe(index, (int) value);
      case IntVector numbers -> numbers.setSafe(index, (int) value);
      case BigIntVector numbers -> numbers.setSafe(index, value);
      case DateDayVector days -> days.setSafe(index, Math.toIntExact(value));
      default -> throw new AssertionError("no whole numbers: " + to.getField());
    }
  }

  private static void real(double value, FieldVector to, int index) {
    if (to instanceof Float4Vector floats) {
      floats.setSafe(index, (float) value);
    } else {
      ((Float8Vector) to).setSafe(index, value);
    }
  }

  private static void bytes(byte[] bytes, int start, int length, FieldVector to, int index) {
    if (to instanceof VarCharVector texts) {
      texts.setSafe(index, bytes, start, length);
    } else {
      ((VarBinaryVector) to).setSafe(index, bytes, start, length);
    }
  }

  private static void list(
      ColumnVector elements, long offset, long length, ListVector to, int index) {
    int begin = to.startNewValue(index);
    for (int i = 0; i < length; i++) {
      copy(elements, (int) offset + i, to.getDataVector(), begin + i);
    }
    to.endValue(index, (int) length);
  }

  private static void map(MapColumnVector maps, int at, ListVector to, int index) {
    int begin = to.startNewValue(index);
    var entries = (StructVector) to.getDataVector();
    ColumnVector[] pair = {maps.keys, maps.values};
    for (int i = 0; i < maps.lengths[at]; i++) {
      struct(pair, (int) maps.offsets[at] + i, entries, begin + i);
    }
    to.endValue(index, (int) maps.lengths[at]);
  }

  private static void struct(ColumnVector[] fields, int at, StructVector to, int index) {
    to.setIndexDefined(index);
    List<FieldVector> children = to.getChildrenFromFields();
    for (int i = 0; i < fields.length; i++) {
      copy(fields[i], at, children.get(i), index);
    }
  }
}
