package dev.vinery.io;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Numbers, booleans and times in text. Each kind has a quick reader, which knows the common
/// spellings and gives up on all others, and one that knows all.
final class CsvNumbers {
  /// What quick readers of whole numbers and times return when they give up.
  static final long GIVEN_UP = Long.MIN_VALUE;

  /// Digits that certainly fit into 63 bits.
  private static final int SAFE_DIGITS = 18;

  /// Whole numbers up to this are doubles without loss.
  private static final long MAX_EXACT = 1L << 53;

  /// Powers of ten that are doubles without loss: dividing an exact number by one rounds once, as
  /// it must.
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18
  };

  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,19}");

  private static final Pattern REAL =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,5})?");

  /// As pandas takes it.
  private static final Pattern INFINITE =
      Pattern.compile("[+-]?inf(inity)?", Pattern.CASE_INSENSITIVE);

  private CsvNumbers() {}

  /// Reads digits with or without a minus.
  static long quickWhole(byte[] bytes, int start, int end) {
    boolean negative = start < end && bytes[start] == '-';
    int i = negative ? start + 1 : start;
    if (i >= end || end - i > SAFE_DIGITS) {
      return GIVEN_UP;
    }
    long value = 0;
    for (; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return GIVEN_UP;
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  static OptionalLong whole(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException tooLarge) {
      return OptionalLong.empty();
    }
  }

  /// Reads digits with a point or without, when the result is certainly rounded right.
  ///
  /// @return not a number if it gives up
  static double quickReal(byte[] bytes, int start, int end) {
    boolean negative = start < end && bytes[start] == '-';
    int first = negative ? start + 1 : start;
    if (first >= end || end - first > SAFE_DIGITS) {
      return Double.NaN;
    }
    long value = 0;
    int point = -1;
    for (int i = first; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
      } else if (bytes[i] == '.' && point < 0) {
        point = i;
      } else {
        return Double.NaN;
      }
    }
    if (value > MAX_EXACT || (point >= 0 && end - first == 1)) {
      return Double.NaN;
    }
    double real = point < 0 ? value : value / POWERS[end - point - 1];
    return negative ? -real : real;
  }

  static OptionalDouble real(String text) {
    if (REAL.matcher(text).matches()) {
      return OptionalDouble.of(Double.parseDouble(text));
    }
    if (INFINITE.matcher(text).matches()) {
      return OptionalDouble.of(
          text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    return OptionalDouble.empty();
  }

  /// Reads `true` and `false`, in any case.
  ///
  /// @return 1 or 0, or nothing
  static OptionalInt flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> OptionalInt.of(1);
      case "false" -> OptionalInt.of(0);
      default -> OptionalInt.empty();
    };
  }
}
