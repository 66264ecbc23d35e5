package dev.vinery.types;

import dev.vinery.client.contract.DaemonUnderTest;
import dev.vinery.client.contract.Door;
import dev.vinery.client.contract.OurDaemon;
import dev.vinery.types.contract.RoundTripContract;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The contract, with our daemon.
@ParameterizedClass
@EnumSource(Door.class)
final class RoundTripTest implements RoundTripContract {
  @RegisterExtension private final DaemonUnderTest daemon;

  RoundTripTest(Door door) {
    daemon = new DaemonUnderTest(door, OurDaemon::new, MEMORY_BYTES);
  }

  @Override
  public DaemonUnderTest daemon() {
    return daemon;
  }
}
