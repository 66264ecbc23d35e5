package dev.vinery.arrow;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.util.Text;
import org.jspecify.annotations.Nullable;

/// Elements of vectors as values of the JDK. Immutable.
///
/// Unsigned numbers are read as such: of 8, 16 and 32 bits as `Long`, of 64 as `BigInteger`. Half
/// floats are `Float`, strings `String`, lists `List`; dates `LocalDate`, times `LocalTime`, time
/// stamps with a zone `Instant` and those without one `LocalDateTime`, durations `Duration`, and
/// `Long` where they lie beyond what these classes can express. All else is as Arrow has it.
public final class ArrowValues {
  private static final long MILLIS_PER_DAY = 86_400_000;

  private ArrowValues() {}

  /// Reads an element.
  ///
  /// @param index from 0 to one less than the number of values
  /// @return null if it is missing
  public static @Nullable Object value(FieldVector vector, int index) {
    if (index < 0 || index >= vector.getValueCount()) {
      throw new IndexOutOfBoundsException(
          "there is no element " + index + " of " + vector.getValueCount());
    }
    if (vector.isNull(index)) {
      return null;
    }
    return switch (vector) {
      case UInt1Vector numbers -> Byte.toUnsignedLong(numbers.get(index));
      case UInt2Vector numbers -> (long) numbers.get(index);
      case UInt4Vector numbers -> Integer.toUnsignedLong(numbers.get(index));
      case UInt8Vector numbers -> unsigned(numbers.get(index));
      case Float2Vector halves -> halves.getValueAsFloat(index);
      case ListVector lists ->
          list(
              lists.getDataVector(),
              lists.getElementStartIndex(index),
              lists.getElementEndIndex(index));
      case LargeListVector lists ->
          list(
              lists.getDataVector(),
              lists.getElementStartIndex(index),
              lists.getElementEndIndex(index));
      case FixedSizeListVector lists ->
          list(
              lists.getDataVector(),
              lists.getElementStartIndex(index),
              lists.getElementEndIndex(index));
      default -> {
        ArrowType type = vector.getField().getType();
        yield switch (type) {
          case ArrowType.Date _, ArrowType.Time _, ArrowType.Timestamp _, ArrowType.Duration _ ->
              temporal(type, count((BaseFixedWidthVector) vector, index));
          default -> {
            Object value = vector.getObject(index);
            yield value instanceof Text text ? text.toString() : value;
          }
        };
      }
    };
  }

  private static BigInteger unsigned(long bits) {
    return new BigInteger(Long.toUnsignedString(bits));
  }

  private static long count(BaseFixedWidthVector vector, int index) {
    return vector.getTypeWidth() == Long.BYTES
        ? vector.getDataBuffer().getLong((long) index * Long.BYTES)
        : vector.getDataBuffer().getInt((long) index * Integer.BYTES);
  }

  private static Object temporal(ArrowType type, long count) {
    try {
      return switch (type) {
        case ArrowType.Date date ->
            LocalDate.ofEpochDay(
                date.getUnit() == DateUnit.DAY ? count : Math.floorDiv(count, MILLIS_PER_DAY));
        case ArrowType.Time time -> LocalTime.ofNanoOfDay(nanos(unit(time.getUnit()), count));
        case ArrowType.Timestamp stamp -> stamp(stamp, unit(stamp.getUnit()), count);
        case ArrowType.Duration duration -> Duration.of(count, unit(duration.getUnit()));
        default -> count;
      };
    } catch (DateTimeException | ArithmeticException beyond) {
      return count;
    }
  }

  private static long nanos(ChronoUnit unit, long count) {
    return Math.multiplyExact(count, unit.getDuration().toNanos());
  }

  private static Object stamp(ArrowType.Timestamp type, ChronoUnit unit, long count) {
    Instant instant = Instant.EPOCH.plus(count, unit);
    return type.getTimezone() == null ? instant.atZone(ZoneOffset.UTC).toLocalDateTime() : instant;
  }

  private static ChronoUnit unit(TimeUnit unit) {
    return switch (unit) {
      case SECOND -> ChronoUnit.SECONDS;
      case MILLISECOND -> ChronoUnit.MILLIS;
      case MICROSECOND -> ChronoUnit.MICROS;
      case NANOSECOND -> ChronoUnit.NANOS;
    };
  }

  private static List<@Nullable Object> list(FieldVector values, long from, long to) {
    if (from < 0 || from > to || to > values.getValueCount()) {
      throw new IndexOutOfBoundsException(
          "a list lies from %d to %d in %d values".formatted(from, to, values.getValueCount()));
    }
    var list = new ArrayList<@Nullable Object>();
    for (long i = from; i < to; i++) {
      list.add(value(values, (int) i));
    }
    return list;
  }
}
