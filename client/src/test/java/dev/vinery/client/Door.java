package dev.vinery.client;

import dev.vinery.server.Daemon;

/// How a test reaches its daemon.
enum Door {
  SHARED_MEMORY,
  TCP;

  Client connect(Daemon daemon) {
    return Vinery.connect(address(daemon));
  }

  Address address(Daemon daemon) {
    return switch (this) {
      case SHARED_MEMORY -> new Address.Local(daemon.socket());
      case TCP -> new Address.Remote("127.0.0.1", daemon.rpcPort().orElseThrow());
    };
  }
}
