package dev.vinery.benchmarks;

/// What one contender did in one round.
///
/// @param times of the steps of all clients
/// @param perSecond steps of all clients per second of the time in which they ran
record Turn(Percentiles times, double perSecond) {
  private static final double NANOS_PER_SECOND = 1e9;

  /// A turn in which nothing was done between the steps but steps.
  ///
  /// @param wallNanos from the first client's first step to the last client's last
  static Turn ofClients(Percentiles times, long wallNanos) {
    return new Turn(times, times.count() * NANOS_PER_SECOND / wallNanos);
  }

  /// A turn of one client who had other things to do between the steps.
  static Turn ofSteps(Percentiles times) {
    return ofClients(times, times.sumNanos());
  }

  double p50Nanos() {
    return times.nanos(0.5);
  }

  double p99Nanos() {
    return times.nanos(0.99);
  }

  double p999Nanos() {
    return times.nanos(0.999);
  }

  double longestNanos() {
    return times.nanos(1);
  }
}
