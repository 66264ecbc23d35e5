package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.Errno;
import dev.vinery.posix.FileAccess;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.assertj.core.api.AbstractIntegerAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What can be done with the descriptors that clients get.
final class ReaderDescriptorTest {
  private static final int NOBODY = 65_534;

  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(1 << 20);

  private int readers;
  private int writers;
  private long fileBytes;

  @BeforeEach
  void getBoth() {
    TestClient client = daemon.client();
    ObjectId id = client.put("sealed");
    Payload read = client.getOne(id);
    readers = client.wire().descriptor(read.storeFd());
    writers = client.wire().descriptor(client.create(1).storeFd());
    fileBytes = read.mapSizeBytes() - Payload.MAP_SIZE_EXCESS_BYTES;
  }

  @Test
  void aReaderCannotMapItWritable() {
    assertErrno(
            () -> {
              try (var arena = Arena.ofConfined()) {
                SharedMemory.map(readers, 4096, true, arena);
              }
            })
        .isEqualTo(Errno.EACCES);
  }

  @Test
  void aReaderCannotChangeTheFileOrItsSize() {
    assertErrno(() -> SharedMemory.truncate(readers, 0)).isIn(Errno.EINVAL, Errno.EBADF);
    assertErrno(() -> SharedMemory.truncate(readers, fileBytes + 4096))
        .isIn(Errno.EINVAL, Errno.EBADF);
    assertErrno(() -> SharedMemory.punchHole(readers, 0, 4096)).isEqualTo(Errno.EBADF);
    assertErrno(() -> SharedMemory.reserve(readers, 0, 4096)).isEqualTo(Errno.EBADF);
  }

  /// Root may open anything, so this is about everybody else: the owner too, where he is not root.
  @Test
  void nobodyCanReopenItForWriting() {
    int user = FileAccess.effectiveUser() == 0 ? NOBODY : FileAccess.effectiveUser();
    for (int descriptor : new int[] {readers, writers}) {
      for (int flags : new int[] {FileAccess.O_RDWR, FileAccess.O_WRONLY, FileAccess.O_RDONLY}) {
        assertErrno(() ->
                Descriptor.close(
                    FileAccess.openAs(
                        Path.of("/proc/self/fd", Integer.toString(descriptor)),
                        flags,
                        0,
                        user,
                        user)))
            .isEqualTo(Errno.EACCES);
      }
    }
  }

  @Test
  void notEvenAWriterCanShrinkOrEnlargeTheFile() throws PosixException {
    assertErrno(() -> SharedMemory.truncate(writers, fileBytes - 4096)).isEqualTo(Errno.EPERM);
    assertErrno(() -> SharedMemory.truncate(writers, fileBytes + 4096)).isEqualTo(Errno.EPERM);
    assertErrno(() -> SharedMemory.addSeals(writers, 0x10)).isEqualTo(Errno.EPERM);
    assertThat(SharedMemory.sizeBytes(writers)).isEqualTo(fileBytes);
  }

  private static AbstractIntegerAssert<?> assertErrno(ThrowingCallable call) {
    var thrown = org.assertj.core.api.Assertions.catchThrowableOfType(PosixException.class, call);
    assertThatThrownBy(
            () -> {
              throw thrown;
            })
        .isInstanceOf(PosixException.class);
    return assertThat(thrown.errno());
  }
}
