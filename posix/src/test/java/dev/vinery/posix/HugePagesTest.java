package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HugePagesTest {
  private static final long SIZE = HugePages.SIZE_BYTES;

  private int fd;

  @BeforeEach
  void createFile() throws PosixException {
    fd = SharedMemory.memfdCreate("vinery-test");
    SharedMemory.truncate(fd, 3 * SIZE);
  }

  @AfterEach
  void closeFile() {
    Descriptor.close(fd);
  }

  @Test
  void aHugePageIsPresentAsAWholeAndKeepsTheBytes() throws Exception {
    try (var arena = Arena.ofConfined()) {
      MemorySegment memory = SharedMemory.mapAligned(fd, 3 * SIZE, SIZE, true, arena);
      memory.set(JAVA_BYTE, SIZE + 12_345, (byte) 7);

      boolean made = HugePages.make(memory, SIZE);

      assertThat(made).isEqualTo(HugePages.available());
      assertThat(memory.get(JAVA_BYTE, SIZE + 12_345)).isEqualTo((byte) 7);
      if (made) {
        assertThat(SharedMemory.residentBytes(fd)).isEqualTo(SIZE);
      } else {
        assertThat(SharedMemory.residentBytes(fd)).isLessThan(SIZE);
      }
    }
  }

  @Test
  void partOfAHugePageIsGivenBack() throws Exception {
    try (var arena = Arena.ofConfined()) {
      MemorySegment memory = SharedMemory.mapAligned(fd, 3 * SIZE, SIZE, true, arena);
      if (!HugePages.make(memory, 0)) {
        SharedMemory.populate(memory, 0, SIZE);
      }

      SharedMemory.punchHole(fd, 0, SIZE / 2);

      assertThat(SharedMemory.residentBytes(fd)).isEqualTo(SIZE / 2);
    }
  }

  @Test
  void alignedMappingsBeginWhereAHugePageMay() throws Exception {
    try (var arena = Arena.ofConfined()) {
      for (int i = 0; i < 8; i++) {
        MemorySegment memory = SharedMemory.mapAligned(fd, 2 * SIZE + 1 + i, SIZE, true, arena);

        assertThat(memory.address() % SIZE).isZero();
        memory.set(JAVA_BYTE, 2 * SIZE + i, (byte) i);
        SharedMemory.map(fd, SharedMemory.pageSize(), false, arena); // moves what comes next
      }
    }
  }

  @Test
  void aRangeBehindTheMappingIsRefused() throws Exception {
    try (var arena = Arena.ofConfined()) {
      MemorySegment memory = SharedMemory.mapAligned(fd, SIZE, SIZE, true, arena);

      assertThatThrownBy(() -> HugePages.make(memory, SIZE))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
