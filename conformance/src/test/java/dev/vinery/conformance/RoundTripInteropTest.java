package dev.vinery.conformance;

import dev.vinery.client.contract.DaemonUnderTest;
import dev.vinery.client.contract.Door;
import dev.vinery.types.contract.RoundTripContract;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The contract, with the official daemon.
@ParameterizedClass
@EnumSource(Door.class)
final class RoundTripInteropTest implements RoundTripContract {
  @RegisterExtension private final DaemonUnderTest daemon;

  RoundTripInteropTest(Door door) {
    daemon = new DaemonUnderTest(door, OfficialDaemon::new, MEMORY_BYTES);
  }

  @Override
  public DaemonUnderTest daemon() {
    return daemon;
  }
}
