package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

final class PrivateMemoryTest {
  @Test
  void memoryIsZeroAgainAfterItWasDiscarded() throws PosixException {
    try (var arena = Arena.ofConfined()) {
      MemorySegment memory = PrivateMemory.map(100_000, arena);
      memory.fill((byte) 7);

      PrivateMemory.discard(memory);

      assertThat(memory.byteSize()).isEqualTo(100_000);
      assertThat(memory.mismatch(arena.allocate(100_000))).isEqualTo(-1);
    }
  }
}
