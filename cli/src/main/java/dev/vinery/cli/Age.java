package dev.vinery.cli;

import java.time.Duration;

/// How long ago something was, as people say it.
final class Age {
  private Age() {}

  /// Writes the largest unit that counts at least one: `now`, `45 s`, `12 min`, `3 h`, `5 d`.
  ///
  /// @param age negative where two clocks differ, which is now
  static String print(Duration age) {
    if (age.toSeconds() < 1) {
      return "now";
    }
    if (age.toMinutes() < 1) {
      return age.toSeconds() + " s";
    }
    if (age.toHours() < 1) {
      return age.toMinutes() + " min";
    }
    return age.toDays() < 1 ? age.toHours() + " h" : age.toDays() + " d";
  }
}
