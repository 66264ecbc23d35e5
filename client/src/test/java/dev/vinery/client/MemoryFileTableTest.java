package dev.vinery.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.StreamReply;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Descriptors that come behind replies.
final class MemoryFileTableTest {
  private static final String LABEL = "vinery-memory-files-test";
  private static final long FILE_BYTES = 8192;
  private static final int KEY = 7;

  private final MemoryFileTable files = new MemoryFileTable();

  @Test
  void aFileIsOpenUntilTheConnectionEnds() throws IOException, PosixException {
    files.add(KEY, file(), reply(KEY, FILE_BYTES));
    files.writable(payload(KEY, FILE_BYTES)).set(ValueLayout.JAVA_BYTE, 5, (byte) 3);

    assertThat(files.readable(payload(KEY, FILE_BYTES)).get(ValueLayout.JAVA_BYTE, 5))
        .isEqualTo((byte) 3);
    assertThat(openFiles()).isEqualTo(1);
    files.close();
    assertThat(openFiles()).isZero();
  }

  @Test
  void aFileThatComesAgainIsClosed() throws IOException, PosixException {
    files.add(KEY, file(), reply(KEY, FILE_BYTES));
    files.add(KEY, file(), reply(KEY, FILE_BYTES));

    assertThat(openFiles()).isEqualTo(1);
    files.close();
  }

  @Test
  void aFileWithoutABlobInItIsRefusedAndClosed() throws IOException, PosixException {
    assertRefused(reply(KEY + 1, FILE_BYTES));
  }

  @Test
  void aFileThatIsShorterThanAnnouncedIsRefusedAndClosed() throws IOException, PosixException {
    assertRefused(reply(KEY, FILE_BYTES + 1));
  }

  private void assertRefused(Reply reply) throws IOException, PosixException {
    int fd = file();

    assertThatThrownBy(() -> files.add(KEY, fd, reply)).isInstanceOf(ProtocolException.class);
    assertThat(openFiles()).isZero();
  }

  private static int file() throws PosixException {
    int fd = SharedMemory.memfdCreate(LABEL);
    SharedMemory.truncate(fd, FILE_BYTES);
    return fd;
  }

  private static Reply reply(int storeFd, long sizeBytes) {
    return new StreamReply.Reserved(payload(storeFd, sizeBytes), storeFd);
  }

  private static Payload payload(int storeFd, long sizeBytes) {
    long mapSizeBytes = sizeBytes + Payload.MAP_SIZE_EXCESS_BYTES;
    return new Payload(new ObjectId(1), storeFd, 0, sizeBytes, mapSizeBytes, 0, false, true);
  }

  /// How many descriptors of this test's files the process has.
  private static int openFiles() throws IOException {
    int count = 0;
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        if (Files.isSymbolicLink(descriptor)
            && Files.readSymbolicLink(descriptor).toString().contains(LABEL)) {
          count++;
        }
      }
    }
    return count;
  }
}
