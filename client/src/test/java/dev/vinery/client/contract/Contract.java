package dev.vinery.client.contract;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.client.Draft;

/// What the tests of each contract have in common.
interface Contract {
  /// The daemon, and a client of it; both are new for each test.
  DaemonUnderTest daemon();

  default Client client() {
    return daemon().client();
  }

  static Draft blobOf(long sizeBytes, int content) {
    return new Draft.OfBlob(sizeBytes, memory -> memory.fill((byte) content));
  }

  static Draft.Builder thing() {
    return Draft.object("test::Thing");
  }

  /// Waits until clients have so many bytes stored.
  default void awaitMemoryUsage(long bytes) {
    eventually(() -> assertThat(client().status().memoryUsageBytes()).isEqualTo(bytes));
  }
}
