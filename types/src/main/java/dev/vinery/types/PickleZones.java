package dev.vinery.types;

import dev.vinery.types.PickleReader.UnreadableException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The functions by which Python makes time zones and spans of time. Zones have names, or are a
/// distance from UTC.
///
/// Source: what `pickletools` shows of zones of `datetime`, `zoneinfo` and pytz.
final class PickleZones {
  /// How pandas makes a zone of its name.
  static final String PANDAS_ZONE = "pandas._libs.tslibs.timezones.maybe_get_tz";

  private static final String ZONE_INFO = "zoneinfo.ZoneInfo";

  private PickleZones() {}

  /// Calls a function by its name.
  ///
  /// @return nothing if it is none of those here
  /// @throws UnreadableException if it has other arguments than Python gives it
  static Optional<Object> call(String name, List<?> arguments) throws UnreadableException {
    try {
      return switch (name) {
        case "datetime.timedelta" -> Optional.of(duration(arguments));
        case "datetime.timezone" -> Optional.of(offset(arguments));
        case "pytz._UTC" -> Optional.of(ZoneOffset.UTC);
        // Name, and how far the zone once was from UTC; or the name, and whether one may be reused.
        case "pytz._p", ZONE_INFO + "._unpickle" -> Optional.of(region(arguments));
        case PANDAS_ZONE -> Optional.of(region(arguments));
        case "builtins.getattr" -> Optional.of(method(arguments));
        default -> Optional.empty();
      };
    } catch (DateTimeException | ArithmeticException beyond) {
      throw new UnreadableException("a time zone that is unknown here: " + beyond.getMessage());
    }
  }

  /// Days, seconds and microseconds.
  private static Duration duration(List<?> arguments) throws UnreadableException {
    if (arguments.size() == 3
        && arguments.get(0) instanceof Long days
        && arguments.get(1) instanceof Long seconds
        && arguments.get(2) instanceof Long micros) {
      return Duration.ofDays(days)
          .plusSeconds(seconds)
          .plusNanos(Math.multiplyExact(micros, 1000L));
    }
    throw new UnreadableException("a span of time of unknown form");
  }

  private static ZoneId offset(List<?> arguments) throws UnreadableException {
    if (first(arguments) instanceof Duration distance) {
      return ZoneOffset.ofTotalSeconds(Math.toIntExact(distance.toSeconds()));
    }
    throw new UnreadableException("a time zone without a distance from UTC");
  }

  /// A zone by its name, or its distance from UTC.
  ///
  /// @throws UnreadableException if it is unknown here
  static ZoneId named(String name) throws UnreadableException {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException unknown) {
      throw new UnreadableException("a time zone that is unknown here: " + unknown.getMessage());
    }
  }

  private static ZoneId region(List<?> arguments) throws UnreadableException {
    if (first(arguments) instanceof String name) {
      return ZoneId.of(name);
    }
    throw new UnreadableException("a time zone without a name");
  }

  /// The only function that is looked up in a class.
  private static PickleCalls.Global method(List<?> arguments) throws UnreadableException {
    if (arguments.equals(List.of(new PickleCalls.Global(ZONE_INFO), "_unpickle"))) {
      return new PickleCalls.Global(ZONE_INFO + "._unpickle");
    }
    throw new UnreadableException("a call of builtins.getattr");
  }

  private static @Nullable Object first(List<?> arguments) {
    return arguments.isEmpty() ? null : arguments.getFirst();
  }
}
