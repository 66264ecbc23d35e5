package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ProcessorTest {
  @Test
  void aVirtualThreadThatGivesWayStaysOnItsCarrier() {
    var carriers = new CompletableFuture<Set<String>>();
    Thread.ofVirtual().start(() -> carriers.complete(seenWhileGivingWay()));

    assertThat(carriers.join()).hasSize(1);
  }

  /// The text of a virtual thread names the carrier that it runs on.
  private static Set<String> seenWhileGivingWay() {
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < 10_000; i++) {
      Processor.giveWay();
      seen.add(Thread.currentThread().toString());
    }
    return seen;
  }
}
