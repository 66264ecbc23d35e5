package dev.vinery.benchmarks;

/// Something that clients do over and over. Immutable.
///
/// @param name what the table calls it
/// @param clients how many do it at the same time
/// @param stepsMin fewest steps of a turn and a client
/// @param stepsMax most steps of a turn and a client
/// @param perSecond how often a client does it in a second, or [#HOT]
/// @param undone whether steps are undone one by one, so that only they count as time
/// @param roundTrips calls of the official client in a step, for comparison with the floor; 0 if
///   there is nothing to compare with
/// @param bytes what a step moves, or 0 if it moves next to nothing
record Load(
    String name,
    int clients,
    int stepsMin,
    int stepsMax,
    int perSecond,
    boolean undone,
    int roundTrips,
    long bytes) {
  /// As often as it can be done.
  static final int HOT = 0;

  private static final int STEPS_MIN = 5;
  private static final int STEPS_MAX = 20_000;

  /// A load of one client who does not pause.
  static Load of(String name, int roundTrips) {
    return new Load(name, 1, STEPS_MIN, STEPS_MAX, HOT, false, roundTrips, 0);
  }

  /// The load done by several clients at once.
  Load withClients(int many) {
    String called = name + ", " + many + (many == 1 ? " client" : " clients");
    return new Load(called, many, stepsMin, stepsMax, perSecond, undone, roundTrips, bytes);
  }

  /// The load done so many times a second, as long as it takes less.
  Load paced(int times) {
    String called = name + ", " + Figures.count(times) + " per second";
    return new Load(called, clients, stepsMin, stepsMax, times, undone, roundTrips, bytes);
  }

  /// The load with other bounds of steps, for those that are slow or need room for each.
  Load withSteps(int min, int max) {
    return new Load(name, clients, min, max, perSecond, undone, roundTrips, bytes);
  }

  /// The load as one whose steps are undone one by one.
  Load undoing() {
    return new Load(name, clients, stepsMin, stepsMax, perSecond, true, roundTrips, bytes);
  }

  /// The load as one whose steps move bytes.
  Load moving(long bytesOfStep) {
    return new Load(name, clients, stepsMin, stepsMax, perSecond, undone, roundTrips, bytesOfStep);
  }
}
