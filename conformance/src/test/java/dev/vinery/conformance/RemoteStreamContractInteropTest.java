package dev.vinery.conformance;

import dev.vinery.client.contract.DaemonUnderTest;
import dev.vinery.client.contract.Door;
import dev.vinery.client.contract.StreamContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The contract, with the official daemon over TCP.
final class RemoteStreamContractInteropTest implements StreamContract {
  @RegisterExtension
  private final DaemonUnderTest daemon =
      new DaemonUnderTest(Door.TCP, OfficialDaemon::new, MEMORY_BYTES);

  @Override
  public DaemonUnderTest daemon() {
    return daemon;
  }
}
