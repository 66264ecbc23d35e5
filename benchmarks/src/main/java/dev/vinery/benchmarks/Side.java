package dev.vinery.benchmarks;

/// The two daemons of a comparison.
enum Side {
  /// The official daemon, with which the other one is compared.
  OFFICIAL,
  /// Ours; or the official one once more, to see the noise.
  OURS
}
