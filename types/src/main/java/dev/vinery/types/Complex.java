package dev.vinery.types;

/// A complex number, as Python's `complex`.
public record Complex(double real, double imaginary) {
  static final Complex ZERO = new Complex(0, 0);

  boolean isNotANumber() {
    return Double.isNaN(real) || Double.isNaN(imaginary);
  }

  @Override
  public String toString() {
    String sign = imaginary < 0 || Double.compare(imaginary, -0.0) == 0 ? "" : "+";
    return Numbers.format(real) + sign + Numbers.format(imaginary) + "i";
  }
}
