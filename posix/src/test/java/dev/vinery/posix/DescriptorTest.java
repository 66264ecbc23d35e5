package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

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
  void closingWhatIsNotOpenIsRefused() {
    assertThatThrownBy(() -> Descriptor.close(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("descriptor is not open: -1");
  }
}
