package dev.vinery.server;

import java.time.Duration;

/// How often a daemon of a cluster does things, and how long it waits. Immutable.
///
/// @param lease after which time without a sign of life the others know that a daemon is away
/// @param beat between two signs of life
/// @param timestamp between two timestamps, by which upstream's daemons know that one lives
/// @param grace how long a daemon is away before the others delete what it had
/// @param commit how long a request waits for its changes to be stored, also if they cannot be
/// @param sync how long a request waits to know what others have stored
record ClusterTimes(
    Duration lease,
    Duration beat,
    Duration timestamp,
    Duration grace,
    Duration commit,
    Duration sync) {
  static final ClusterTimes DEFAULT =
      new ClusterTimes(
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5));
}
