package dev.vinery.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/// What several rounds gave for one quantity. Immutable.
///
/// @param median the middle value, or the mean of the two in the middle
/// @param min the smallest value
/// @param max the largest value
record Spread(double median, double min, double max) {

  /// @param values in any order, at least one
  static Spread of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("the spread of nothing");
    }
    double[] ascending = values.clone();
    Arrays.sort(ascending);
    int middle = ascending.length / 2;
    double median =
        ascending.length % 2 == 1
            ? ascending[middle]
            : (ascending[middle - 1] + ascending[middle]) / 2;
    return new Spread(median, ascending[0], ascending[ascending.length - 1]);
  }

  /// The spread of a quantity over rounds.
  static <T> Spread of(List<T> rounds, ToDoubleFunction<T> quantity) {
    return of(rounds.stream().mapToDouble(quantity).toArray());
  }

  /// The spread of the ratios of rounds: each round gives one ratio, because only what was measured
  /// side by side can be compared.
  ///
  /// @param a one value for each round
  /// @param b as many
  static <T> Spread ofRatios(List<T> a, List<T> b, ToDoubleBiFunction<T, T> ratio) {
    if (a.size() != b.size()) {
      throw new IllegalArgumentException(
          "ratios of %d and %d rounds".formatted(a.size(), b.size()));
    }
    double[] ratios = new double[a.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ratio.applyAsDouble(a.get(i), b.get(i));
    }
    return of(ratios);
  }
}
