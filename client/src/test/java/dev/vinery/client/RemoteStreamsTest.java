package dev.vinery.client;

import dev.vinery.client.contract.DaemonUnderTest;
import dev.vinery.client.contract.Door;
import dev.vinery.client.contract.OurDaemon;
import dev.vinery.client.contract.StreamContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The contract, with our daemon over TCP.
final class RemoteStreamsTest implements StreamContract {
  @RegisterExtension
  private final DaemonUnderTest daemon =
      new DaemonUnderTest(Door.TCP, OurDaemon::new, MEMORY_BYTES);

  @Override
  public DaemonUnderTest daemon() {
    return daemon;
  }
}
