package dev.vinery.conformance;

import dev.vinery.client.contract.ClientContract;
import dev.vinery.client.contract.DaemonUnderTest;
import dev.vinery.client.contract.Door;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The contract, with the official daemon.
@ParameterizedClass
@EnumSource(Door.class)
final class ClientInteropTest implements ClientContract {
  @RegisterExtension private final DaemonUnderTest daemon;

  ClientInteropTest(Door door) {
    daemon = new DaemonUnderTest(door, OfficialDaemon::new, MEMORY_BYTES);
  }

  @Override
  public DaemonUnderTest daemon() {
    return daemon;
  }
}
