package dev.vinery.client.contract;

import dev.vinery.client.Address;

/// How a test reaches its daemon.
public enum Door {
  SHARED_MEMORY,
  TCP;

  /// Where the door of a daemon is.
  public Address address(StartedDaemon daemon) {
    return switch (this) {
      case SHARED_MEMORY -> new Address.Local(daemon.socket());
      case TCP -> new Address.Remote("127.0.0.1", daemon.port());
    };
  }
}
