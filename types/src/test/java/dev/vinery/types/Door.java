package dev.vinery.types;

import dev.vinery.client.Address;
import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.server.Daemon;

/// How a test reaches its daemon.
enum Door {
  SHARED_MEMORY,
  TCP;

  Client connect(Daemon daemon) {
    return Vinery.connect(
        switch (this) {
          case SHARED_MEMORY -> new Address.Local(daemon.socket());
          case TCP -> new Address.Remote("127.0.0.1", daemon.rpcPort().orElseThrow());
        });
  }
}
