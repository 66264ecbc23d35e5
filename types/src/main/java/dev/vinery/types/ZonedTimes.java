package dev.vinery.types;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A column of times in a time zone, as pandas' `datetime64[ns, Asia/Singapore]`: the instants, and
/// the zone in which people read them. Immutable.
///
/// It is a copy, not a view: pandas takes such columns from its own arrays only, and these can only
/// be pickled. Safe for use by several threads.
public final class ZonedTimes implements Column {
  /// How the names of their types begin in pandas.
  private static final String OF_NANOSECONDS = "datetime64[ns, ";

  private final Tensor instants;
  private final ZoneId zone;

  private ZonedTimes(Tensor instants, ZoneId zone) {
    this.instants = instants;
    this.zone = zone;
  }

  /// @param instants of one dimension, counted in seconds or less; they belong to the column then
  /// @throws IllegalArgumentException if they are not
  public static ZonedTimes of(Tensor instants, ZoneId zone) {
    ElementType type = instants.elementType();
    if (!type.isDatetime() || type == ElementType.DATETIME_DAY || instants.shape().size() != 1) {
      throw new IllegalArgumentException(
          "times in a zone are dates in seconds or less, in one dimension, and not %s in %d"
              .formatted(type.numpyName(), instants.shape().size()));
    }
    return new ZonedTimes(instants, plain(zone));
  }

  /// @param values a missing one is `NaT` in Python
  /// @throws ArithmeticException if one is not between the years 1677 and 2262
  public static ZonedTimes ofInstants(ZoneId zone, List<Optional<Instant>> values) {
    return of(Tensor.ofInstants(values), zone);
  }

  /// What a column is that Python has stored as objects.
  ///
  /// @param name pandas' name of the element type
  /// @return nothing if it is no type of nanoseconds in a zone, or there are other objects than
  ///   times in one zone
  static Optional<ZonedTimes> ofObjects(ObjectTensor objects, String name) {
    if (!name.startsWith(OF_NANOSECONDS) || objects.shape().size() != 1) {
      return Optional.empty();
    }
    ZoneId zone = null;
    List<Optional<Instant>> instants = new ArrayList<>();
    for (Object each : objects.values()) {
      if (each instanceof ZonedDateTime time && (zone == null || zone.equals(time.getZone()))) {
        zone = time.getZone();
        instants.add(Optional.of(time.toInstant()));
      } else if (each == null) {
        instants.add(Optional.empty());
      } else {
        return Optional.empty();
      }
    }
    return zone == null ? Optional.empty() : Optional.of(ofInstants(zone, instants));
  }

  /// The same times as Python stores them outside of frames.
  ObjectTensor toObjects() {
    List<@Nullable Object> objects = new ArrayList<>();
    for (long i = 0; i < length(); i++) {
      objects.add(get(i).orElse(null));
    }
    return ObjectTensor.of(List.of(length()), objects);
  }

  /// One zone for each way to say how far it always is from UTC, but for regions that have a name.
  static ZoneId plain(ZoneId zone) {
    boolean named = zone.getId().contains("/") && !zone.getId().equals("Etc/UTC");
    return named ? zone : zone.normalized();
  }

  /// What pandas calls a zone.
  static String nameOf(ZoneId zone) {
    return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
  }

  /// The instants, in UTC. They belong to this column.
  public Tensor instants() {
    return instants;
  }

  public ZoneId zone() {
    return zone;
  }

  /// What pandas and Arrow call the zone: `UTC`, a region, or a distance from UTC like `+08:00`.
  public String zoneName() {
    return nameOf(zone);
  }

  /// Reads a time; nothing if it is missing.
  ///
  /// @param index from 0 to [#length()] - 1
  /// @throws DateTimeException if it is beyond what a date can be
  public Optional<ZonedDateTime> get(long index) {
    return instants.getInstant(index).map(instant -> instant.atZone(zone));
  }

  @Override
  public long length() {
    return instants.length();
  }

  @Override
  public String elementName() {
    return instants.elementName().replace("]", ", " + nameOf(zone) + "]");
  }

  @Override
  public boolean isMissing(long index) {
    return instants.isMissing(index);
  }

  @Override
  public String format(long index) {
    try {
      return get(index).map(DateTimeFormatter.ISO_OFFSET_DATE_TIME::format).orElse("NaT");
    } catch (DateTimeException | ArithmeticException beyond) {
      return instants.format(index);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ZonedTimes that
        && zone.equals(that.zone)
        && instants.equals(that.instants);
  }

  @Override
  public int hashCode() {
    return Objects.hash(zone, instants);
  }

  @Override
  public String toString() {
    return "ZonedTimes[" + nameOf(zone) + ", " + instants + "]";
  }

  @Override
  public void close() {
    instants.close();
  }
}
