package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DescriptorTest {
  @Test
  void aClosedDescriptorIsGone() throws Exception {
    int fd = SharedMemory.memfdCreate("closed-descriptor");
    assertThat(Files.readSymbolicLink(FileAccess.pathOf(fd)).toString())
        .startsWith("/memfd:closed-descriptor");

    Descriptor.close(fd);

    assertThatThrownBy(() -> SharedMemory.sizeBytes(fd))
        .isInstanceOfSatisfying(
            PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBADF));
  }

  @Test
  void readingTakesWhatIsThereAndTellsTheEnd(@TempDir Path directory) throws Exception {
    try (var arena = Arena.ofConfined();
        var ends = Connection.at(directory.resolve("s"))) {
      MemorySegment sent = arena.allocateFrom("grapes");
      MemorySegment taken = arena.allocate(16);
      UnixSocket.send(ends.server(), sent, 0, 6);

      assertThat(Descriptor.read(ends.client(), taken, 2, 4)).isEqualTo(4);
      assertThat(Descriptor.read(ends.client(), taken, 6, 10)).isEqualTo(2);
      assertThat(taken.getString(2)).isEqualTo("grapes");

      UnixSocket.shutdown(ends.server());
      assertThat(Descriptor.read(ends.client(), taken, 0, 16)).isZero();
      assertThatThrownBy(() -> Descriptor.read(ends.client(), taken.asReadOnly(), 0, 16))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void closingWhatIsNotOpenIsRefused() {
    assertThatThrownBy(() -> Descriptor.close(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("descriptor is not open: -1");
  }
}
