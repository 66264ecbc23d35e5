package dev.vinery.client;

import java.time.Duration;

/// How to connect. Immutable.
///
/// @param username who asks; empty unless the daemon wants to know
/// @param password of that user; empty unless the daemon wants to know
/// @param sessionId which session is wanted of a daemon that is reached over TCP; 0 is the root
///   session. On this host every session has a socket of its own
/// @param timeout how long a daemon may take for one answer, or for a megabyte of a blob, before
///   the connection is given up; more than zero
/// @param patience how long to keep trying while no daemon listens yet; zero tries once
/// @param compression whether blobs travel compressed over TCP
/// @param transfers is told how far blobs have come over TCP
public record ConnectOptions(
    String username,
    String password,
    long sessionId,
    Duration timeout,
    Duration patience,
    Compression compression,
    TransferListener transfers) {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /// No credentials, the root session, answers within 5 minutes, a daemon that listens already, and
  /// compression where it pays.
  public static final ConnectOptions DEFAULT =
      new ConnectOptions("", "", 0, TIMEOUT, Duration.ZERO, Compression.AUTO, (_, _) -> {});

  public ConnectOptions {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be positive: " + timeout);
    }
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience must not be negative: " + patience);
    }
  }

  public ConnectOptions withCredentials(String newUsername, String newPassword) {
    return new ConnectOptions(
        newUsername, newPassword, sessionId, timeout, patience, compression, transfers);
  }

  public ConnectOptions withSession(long newSessionId) {
    return new ConnectOptions(
        username, password, newSessionId, timeout, patience, compression, transfers);
  }

  public ConnectOptions withTimeout(Duration newTimeout) {
    return new ConnectOptions(
        username, password, sessionId, newTimeout, patience, compression, transfers);
  }

  public ConnectOptions withPatience(Duration newPatience) {
    return new ConnectOptions(
        username, password, sessionId, timeout, newPatience, compression, transfers);
  }

  public ConnectOptions withCompression(Compression newCompression) {
    return new ConnectOptions(
        username, password, sessionId, timeout, patience, newCompression, transfers);
  }

  public ConnectOptions withTransferListener(TransferListener newTransfers) {
    return new ConnectOptions(
        username, password, sessionId, timeout, patience, compression, newTransfers);
  }

  /// Leaves out the password.
  @Override
  public String toString() {
    return "ConnectOptions[username=%s, sessionId=%d, timeout=%s, patience=%s, compression=%s]"
        .formatted(username, sessionId, timeout, patience, compression);
  }
}
