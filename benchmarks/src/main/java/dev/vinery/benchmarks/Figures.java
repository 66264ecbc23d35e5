package dev.vinery.benchmarks;

import java.util.Locale;

/// How numbers are printed: three digits that count, and the unit where it is not the column's.
final class Figures {
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double BYTES_PER_GB = 1e9;
  private static final double THOUSAND = 1e3;
  private static final double MILLION = 1e6;

  private Figures() {}

  /// A time in microseconds, without the unit.
  static String micros(double nanos) {
    return number(nanos / NANOS_PER_MICRO);
  }

  /// A rate with its thousands or millions: `940`, `12.3 k`, `1.20 M`.
  static String rate(double perSecond) {
    if (perSecond >= MILLION) {
      return digits(perSecond / MILLION) + " M";
    }
    return perSecond >= THOUSAND ? digits(perSecond / THOUSAND) + " k" : digits(perSecond);
  }

  /// Bytes per second, in units of 10^9.
  static String gigabytes(double bytesPerSecond) {
    return digits(bytesPerSecond / BYTES_PER_GB) + " GB/s";
  }

  /// A length in bytes: `64 B`, `1 MiB`. Only whole multiples get a larger unit.
  static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB"};
    int unit = 0;
    long value = bytes;
    while (unit < units.length - 1 && value >= 1024 && value % 1024 == 0) {
      value /= 1024;
      unit++;
    }
    return value + " " + units[unit];
  }

  /// A count: `100`, `10,000`.
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// A ratio and what it varied between: `2.51 (2.40–2.63)`.
  static String ratio(Spread ratios) {
    return "%s (%s–%s)".formatted(ratio(ratios.median()), ratio(ratios.min()), ratio(ratios.max()));
  }

  static String ratio(double ratio) {
    return ratio >= THOUSAND ? number(ratio) : ratio >= 100 ? digits(ratio) : fixed(ratio, 2);
  }

  /// A number with three digits that count, and with all of those before the point.
  static String number(double value) {
    return value >= THOUSAND ? String.format(Locale.ROOT, "%,.0f", value) : digits(value);
  }

  private static String digits(double value) {
    double size = Math.abs(value);
    return fixed(value, size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
  }

  private static String fixed(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
