package dev.vinery.conformance;

import dev.vinery.client.contract.DaemonUnderTest;
import dev.vinery.client.contract.Door;
import dev.vinery.client.contract.TransferContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The contract, with the official daemon.
final class TransferInteropTest implements TransferContract {
  @RegisterExtension
  private final DaemonUnderTest daemon =
      new DaemonUnderTest(Door.TCP, OfficialDaemon::new, MEMORY_BYTES);

  @Override
  public DaemonUnderTest daemon() {
    return daemon;
  }
}
