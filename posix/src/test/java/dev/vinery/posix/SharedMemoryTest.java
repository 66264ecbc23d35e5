package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SharedMemoryTest {
  private static final int PAGE = SharedMemory.pageSize();
  private static final int OWNER_ONLY = 0600;

  private int fd;

  @BeforeEach
  void createFile() throws PosixException {
    fd = SharedMemory.memfdCreate("vinery-test");
  }

  @AfterEach
  void closeFile() {
    Descriptor.close(fd);
  }

  @Test
  void aPageHasAPowerOfTwoBytes() {
    assertThat(PAGE).isGreaterThanOrEqualTo(4096);
    assertThat(Integer.bitCount(PAGE)).isEqualTo(1);
  }

  @Test
  void aNewFileIsEmptyAndGrowsSparsely() throws Exception {
    assertThat(SharedMemory.sizeBytes(fd)).isZero();

    SharedMemory.truncate(fd, 1L << 40);

    assertThat(SharedMemory.sizeBytes(fd)).isEqualTo(1L << 40);
    assertThat(SharedMemory.residentBytes(fd)).isZero();
  }

  @Test
  void twoMappingsShowTheSameBytes() throws Exception {
    SharedMemory.truncate(fd, PAGE);
    try (var arena = Arena.ofConfined()) {
      MemorySegment written = SharedMemory.map(fd, PAGE, true, arena);
      MemorySegment read = SharedMemory.map(fd, PAGE, false, arena);

      written.set(JAVA_LONG, 8, 42);

      assertThat(read.get(JAVA_LONG, 8)).isEqualTo(42);
      assertThat(read.byteSize()).isEqualTo(PAGE);
      assertThat(read.isReadOnly()).isTrue();
      assertThat(written.isReadOnly()).isFalse();
    }
  }

  @Test
  void aViewKeepsItsMappingAndTellsWhenNobodyRefersToItAnyMore() throws Exception {
    SharedMemory.truncate(fd, PAGE);
    var ends = new AtomicInteger();
    var views = new ArrayList<MemorySegment>();
    views.add(
        SharedMemory.view(
            SharedMemory.map(fd, PAGE, false, Arena.ofAuto()).asSlice(8, 16),
            Arena.ofAuto(),
            ends::incrementAndGet));

    System.gc();
    assertThat(views.getFirst().get(JAVA_LONG, 8)).isZero();
    assertThat(views.getFirst().byteSize()).isEqualTo(16);
    assertThat(views.getFirst().isReadOnly()).isTrue();
    assertThat(ends).hasValue(0);

    views.clear();
    Deadline.waitUntil(
        "the view has ended",
        () -> {
          System.gc();
          return ends.get() == 1;
        });
  }

  @Test
  void aMappingEndsWithItsArena() throws Exception {
    int own = SharedMemory.memfdCreate("ends-with-arena");
    try {
      SharedMemory.truncate(own, PAGE);
      try (var arena = Arena.ofShared()) {
        SharedMemory.map(own, PAGE, true, arena);
        assertThat(mappingsOf("ends-with-arena")).hasSize(1);
      }
      assertThat(mappingsOf("ends-with-arena")).isEmpty();
    } finally {
      Descriptor.close(own);
    }
  }

  @Test
  void aClosedArenaLeavesNoMappingBehind() throws Exception {
    int own = SharedMemory.memfdCreate("closed-arena");
    try {
      SharedMemory.truncate(own, PAGE);
      var arena = Arena.ofConfined();
      arena.close();

      assertThatThrownBy(() -> SharedMemory.map(own, PAGE, true, arena))
          .isInstanceOf(IllegalStateException.class);
      assertThat(mappingsOf("closed-arena")).isEmpty();
    } finally {
      Descriptor.close(own);
    }
  }

  @Test
  void aMappingOutlivesItsDescriptor() throws Exception {
    int own = SharedMemory.memfdCreate("outlived");
    SharedMemory.truncate(own, PAGE);
    try (var arena = Arena.ofConfined()) {
      MemorySegment mapping = SharedMemory.map(own, PAGE, true, arena);
      Descriptor.close(own);

      mapping.set(JAVA_BYTE, PAGE - 1, (byte) 7);

      assertThat(mapping.get(JAVA_BYTE, PAGE - 1)).isEqualTo((byte) 7);
    }
  }

  @Test
  void aReadOnlyDescriptorReadsAndDoesNothingElse() throws Exception {
    SharedMemory.truncate(fd, 2L * PAGE);
    SharedMemory.changeMode(fd, OWNER_ONLY);
    int readOnly = SharedMemory.reopenReadOnly(fd);
    try (var arena = Arena.ofConfined()) {
      SharedMemory.map(fd, PAGE, true, arena).set(JAVA_LONG, 0, 42);

      assertThat(SharedMemory.map(readOnly, PAGE, false, arena).get(JAVA_LONG, 0)).isEqualTo(42);
      assertRefused(Errno.EACCES, () -> SharedMemory.map(readOnly, PAGE, true, arena));
      assertRefused(Errno.EINVAL, () -> SharedMemory.truncate(readOnly, PAGE));
      assertRefused(Errno.EBADF, () -> SharedMemory.punchHole(readOnly, 0, PAGE));
      assertRefused(Errno.EBADF, () -> SharedMemory.reserve(readOnly, 0, PAGE));
      assertRefused(Errno.EPERM, () -> SharedMemory.addSeals(readOnly, SharedMemory.SEAL_GROW));
    } finally {
      Descriptor.close(readOnly);
    }
  }

  @Test
  void aSealedFileKeepsItsLengthForEver() throws Exception {
    SharedMemory.truncate(fd, 2L * PAGE);
    int seals = SharedMemory.SEAL_SHRINK | SharedMemory.SEAL_GROW | SharedMemory.SEAL_SEAL;
    SharedMemory.addSeals(fd, seals);

    assertRefused(Errno.EPERM, () -> SharedMemory.truncate(fd, PAGE));
    assertRefused(Errno.EPERM, () -> SharedMemory.truncate(fd, 3L * PAGE));
    assertRefused(Errno.EPERM, () -> SharedMemory.addSeals(fd, SharedMemory.SEAL_GROW));
    assertThat(SharedMemory.sizeBytes(fd)).isEqualTo(2L * PAGE);
  }

  @Test
  void changingTheModeShutsOutOthers() throws Exception {
    SharedMemory.changeMode(fd, OWNER_ONLY);

    assertThat(Files.getAttribute(FileAccess.pathOf(fd), "unix:mode"))
        .isEqualTo(0100000 | OWNER_ONLY);
  }

  @Test
  void populatingMakesExactlyThePagesOfTheRangeResident() throws Exception {
    SharedMemory.truncate(fd, 16L * PAGE);
    try (var arena = Arena.ofConfined()) {
      MemorySegment mapping = SharedMemory.map(fd, 16L * PAGE, true, arena);
      mapping.set(JAVA_LONG, 2L * PAGE, 42);

      SharedMemory.populate(mapping, 2L * PAGE + 100, 2L * PAGE);

      assertThat(SharedMemory.residentBytes(fd)).isEqualTo(3L * PAGE);
      assertThat(mapping.get(JAVA_LONG, 2L * PAGE)).isEqualTo(42);
      assertThatThrownBy(() -> SharedMemory.populate(mapping, 15L * PAGE, 2L * PAGE))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void punchingAHoleGivesItsPagesBackAndZeroesThem() throws Exception {
    SharedMemory.truncate(fd, 8L * PAGE);
    try (var arena = Arena.ofConfined()) {
      MemorySegment mapping = SharedMemory.map(fd, 8L * PAGE, true, arena);
      mapping.fill((byte) 1);

      SharedMemory.punchHole(fd, 2L * PAGE, 4L * PAGE);

      assertThat(SharedMemory.residentBytes(fd)).isEqualTo(4L * PAGE);
      assertThat(SharedMemory.sizeBytes(fd)).isEqualTo(8L * PAGE);
      assertThat(mapping.get(JAVA_BYTE, 2L * PAGE - 1)).isEqualTo((byte) 1);
      assertThat(mapping.get(JAVA_BYTE, 2L * PAGE)).isZero();
      assertThat(mapping.get(JAVA_BYTE, 6L * PAGE - 1)).isZero();
      assertThat(mapping.get(JAVA_BYTE, 6L * PAGE)).isEqualTo((byte) 1);
    }
  }

  @Test
  void reservingTakesStorageAtOnce() throws Exception {
    SharedMemory.reserve(fd, 0, 4L * PAGE);

    assertThat(SharedMemory.sizeBytes(fd)).isEqualTo(4L * PAGE);
    assertThat(SharedMemory.residentBytes(fd)).isEqualTo(4L * PAGE);
  }

  @Test
  void descriptorsAreNotInherited() throws Exception {
    int readOnly = SharedMemory.reopenReadOnly(fd);
    try {
      assertThat(closesOnExec(fd)).isTrue();
      assertThat(closesOnExec(readOnly)).isTrue();
    } finally {
      Descriptor.close(readOnly);
    }
  }

  private static boolean closesOnExec(int fd) throws Exception {
    String flags =
        Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(fd))).stream()
            .filter(line -> line.startsWith("flags:"))
            .map(line -> line.substring(6).strip())
            .findFirst()
            .orElseThrow();
    return (Integer.parseInt(flags, 8) & FileAccess.O_CLOEXEC) != 0;
  }

  private static List<String> mappingsOf(String name) throws Exception {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains("/memfd:" + name))
        .toList();
  }

  private static void assertRefused(int errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PosixException.class, refused -> assertThat(refused.errno()).isEqualTo(errno));
  }
}
