package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The threads that accept clients and serve them.
final class IpcListenerTest {
  private static final int CLIENTS = 40;

  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(1 << 20);

  @Test
  void eachClientHasAThreadAndAnotherWaitsForTheNextOne() throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      daemon.client().status();
    }

    eventually(() -> assertThat(threads("vinery-client-")).isEqualTo(CLIENTS));
    assertThat(threads("vinery-accept-")).isPositive();
  }

  @Test
  void threadsWhoseClientsHaveLeftWaitForOthersButNotAllOfThem() throws Exception {
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(daemon.client());
    }

    clients.forEach(TestClient::close);

    eventually(() -> assertThat(threads("vinery-client-")).isZero());
    assertThat(threads("vinery-accept-")).isEqualTo(IpcListener.MAX_WAITING);
    daemon.client().status();
  }

  @Test
  void oneClientAfterTheOtherTakesFewThreads() throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      try (TestClient client = TestClient.registered(daemon.socket())) {
        client.status();
      }
      assertThat(threads("vinery-")).isLessThan(CLIENTS / 2);
    }
  }

  private static long threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .count();
  }
}
