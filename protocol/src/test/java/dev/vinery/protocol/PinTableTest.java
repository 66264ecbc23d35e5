package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

final class PinTableTest {
  private final MemorySegment file = Arena.ofAuto().allocate(PinTable.FILE_BYTES, 64);
  private final PinTable client = new PinTable(file);
  private final PinTable daemon = new PinTable(file);

  private static ObjectId blob(long number) {
    return new ObjectId(Long.MIN_VALUE | number);
  }

  @Test
  void aPinThatTheDaemonDidNotNeedEndsUnnoticed() {
    assertThat(client.pin(blob(1))).isTrue();
    assertThat(client.pin(blob(1))).isTrue();

    assertThat(daemon.isPinned(blob(1))).isTrue();
    assertThat(client.unpin(blob(1))).isEqualTo(PinTable.End.UNNOTICED);
    assertThat(client.unpin(blob(1))).isEqualTo(PinTable.End.ABSENT);
    assertThat(daemon.claim(blob(1))).isFalse();
  }

  @Test
  void aClaimedPinHasToBeToldOfAndIsNotTakenAgain() {
    client.pin(blob(1));

    assertThat(daemon.claim(blob(1))).isTrue();
    assertThat(daemon.claim(blob(1))).isFalse();

    assertThat(client.pin(blob(1))).isFalse();
    assertThat(client.unpin(blob(1))).isEqualTo(PinTable.End.CLAIMED);
    assertThat(client.unpin(blob(1))).isEqualTo(PinTable.End.ABSENT);
  }

  @Test
  void aFullTableRefusesAndLosesNothing() {
    int pinned = 0;
    while (client.pin(blob(pinned + 1))) {
      pinned++;
    }

    assertThat(pinned).isGreaterThan(100);
    for (int i = 1; i <= pinned; i++) {
      assertThat(daemon.claim(blob(i))).isTrue();
    }
  }

  @Test
  void pinsCountUntilTheDaemonLooksAway() {
    client.pin(blob(1));
    assertThat(client.counts()).isTrue();

    daemon.makeVoid();

    assertThat(client.counts()).isFalse();
  }
}
