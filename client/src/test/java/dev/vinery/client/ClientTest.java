package dev.vinery.client;

import dev.vinery.client.contract.ClientContract;
import dev.vinery.client.contract.DaemonUnderTest;
import dev.vinery.client.contract.Door;
import dev.vinery.client.contract.OurDaemon;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The contract, with our daemon.
@ParameterizedClass
@EnumSource(Door.class)
final class ClientTest implements ClientContract {
  @RegisterExtension private final DaemonUnderTest daemon;

  ClientTest(Door door) {
    daemon = new DaemonUnderTest(door, OurDaemon::new, MEMORY_BYTES);
  }

  @Override
  public DaemonUnderTest daemon() {
    return daemon;
  }
}
