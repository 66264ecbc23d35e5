package dev.vinery.client;

import java.time.Duration;

/// How to connect. Immutable.
///
/// @param username who asks; empty unless the daemon wants to know
/// @param password of that user; empty unless the daemon wants to know
/// @param timeout how long a daemon may take for one answer before the connection is given up; more
///   than zero
/// @param patience how long to keep trying while no daemon listens yet; zero tries once
public record ConnectOptions(
    String username, String password, Duration timeout, Duration patience) {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /// No credentials, answers within 5 minutes, and a daemon that listens already.
  public static final ConnectOptions DEFAULT = new ConnectOptions("", "", TIMEOUT, Duration.ZERO);

  public ConnectOptions {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be positive: " + timeout);
    }
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience must not be negative: " + patience);
    }
  }

  public ConnectOptions withCredentials(String newUsername, String newPassword) {
    return new ConnectOptions(newUsername, newPassword, timeout, patience);
  }

  public ConnectOptions withTimeout(Duration newTimeout) {
    return new ConnectOptions(username, password, newTimeout, patience);
  }

  public ConnectOptions withPatience(Duration newPatience) {
    return new ConnectOptions(username, password, timeout, newPatience);
  }

  /// Leaves out the password.
  @Override
  public String toString() {
    return "ConnectOptions[username="
        + username
        + ", timeout="
        + timeout
        + ", patience="
        + patience
        + "]";
  }
}
