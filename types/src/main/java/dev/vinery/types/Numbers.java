package dev.vinery.types;

/// Floating-point numbers as people read them.
final class Numbers {
  /// Whole numbers up to here are printed without an exponent.
  private static final double PLAIN_LIMIT = 1e15;

  private Numbers() {}

  static String format(double value) {
    return Double.isFinite(value) && value == Math.rint(value) && Math.abs(value) < PLAIN_LIMIT
        ? Long.toString((long) value) + ".0"
        : Double.toString(value);
  }

  static String format(float value) {
    return Double.isFinite(value) && value == Math.rint(value) && Math.abs(value) < PLAIN_LIMIT
        ? Long.toString((long) value) + ".0"
        : Float.toString(value);
  }
}
