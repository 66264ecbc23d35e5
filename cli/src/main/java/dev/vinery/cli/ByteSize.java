package dev.vinery.cli;

import java.math.BigDecimal;
import java.math.BigInteger;

/// Numbers of bytes as people write and read them.
final class ByteSize {
  /// Every unit is 1024 times the one before; the first is the byte.
  private static final String UNITS = "BKMGTPE";

  private static final int BITS_PER_UNIT = 10;

  private ByteSize() {}

  /// Reads a size as the reference daemon does: a decimal number and a unit, whose first letter
  /// counts in either case and is always a power of 1024. What follows that letter is ignored, and
  /// a letter that is no unit means bytes: `1G`, `1Gi` and `1073741824` are the same. Unlike there,
  /// a space may stand before the unit.
  ///
  /// Source: the reference implementation's `src/common/util/env.cc`, which answers 0 where this
  /// throws.
  ///
  /// @return bytes; negative if the number is
  /// @throws IllegalArgumentException if the text does not begin with a number, or names more than
  ///   2^63 - 1 bytes
  static long parse(String text) {
    String stripped = text.strip();
    int end = numberEnd(stripped);
    BigDecimal number;
    try {
      number = new BigDecimal(stripped.substring(0, end));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no size; write 512M, 2G or a number of bytes", e);
    }
    String unit = stripped.substring(end).strip();
    int power = unit.isEmpty() ? 0 : UNITS.indexOf(Character.toUpperCase(unit.charAt(0)));
    BigInteger bytes =
        number
            .multiply(new BigDecimal(BigInteger.ONE.shiftLeft(BITS_PER_UNIT * Math.max(0, power))))
            .toBigInteger();
    if (bytes.bitLength() >= Long.SIZE) {
      throw new IllegalArgumentException("'" + text + "' is more than 2^63 - 1 bytes");
    }
    return bytes.longValue();
  }

  /// Where the number ends. There is no exponent: `E` is a unit.
  private static int numberEnd(String text) {
    int end = 0;
    while (end < text.length() && "+-.0123456789".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    return end;
  }

  /// Writes a size with at most one digit after the point: `512 B`, `1.2 MiB`, `2 GiB`.
  ///
  /// @param bytes at least 0
  static String print(long bytes) {
    int power = 0;
    double value = bytes;
    // What would be printed as 1024 is 1 of the next unit.
    while (Math.round(value * 10) >= 10240 && power < UNITS.length() - 1) {
      value /= 1024;
      power++;
    }
    if (power == 0) {
      return bytes + " B";
    }
    long tenths = Math.round(value * 10);
    String fraction = tenths % 10 == 0 ? "" : "." + tenths % 10;
    return tenths / 10 + fraction + " " + UNITS.charAt(power) + "iB";
  }
}
