package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.FileAccess;
import dev.vinery.posix.PeerCredentials;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DiskBlobTest {
  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(1 << 20);

  @Test
  void anAnonymousFileTakesTheBytesAndHasNoName() {
    TestClient client = daemon.client();
    Payload payload = create(client, 10_000, "");

    client.write(payload, "on disk".getBytes(StandardCharsets.US_ASCII));
    client.seal(payload.id());

    TestClient reader = daemon.client();
    assertThat(new String(reader.read(reader.getOne(payload.id())), StandardCharsets.US_ASCII))
        .startsWith("on disk")
        .hasSize(10_000);
    assertThat(payload.offset()).isZero();
    assertThat(payload.mapSizeBytes()).isEqualTo(10_008);
    assertThat(client.usage()).isZero();
  }

  @Test
  void aNewFileIsMadeAsLongAsWanted() throws IOException {
    TestClient client = daemon.client();
    Path file = daemon.file("new");

    Payload payload = create(client, 5, file.toString());
    client.write(payload, new byte[] {1, 2, 3, 4, 5});
    client.seal(payload.id());

    assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void aFileThatIsThereIsEnlargedAndNeverCut() throws IOException {
    TestClient client = daemon.client();
    Path file = daemon.file("old");
    Files.write(file, new byte[] {1, 2, 3, 4, 5});

    assertThat(client.read(create(client, 3, file.toString()))).containsExactly(1, 2, 3);
    assertThat(Files.size(file)).isEqualTo(5);
    assertThat(client.read(create(client, 7, file.toString())))
        .containsExactly(1, 2, 3, 4, 5, 0, 0);
    assertThat(Files.size(file)).isEqualTo(7);
  }

  @Test
  void deletedItsFileIsClosedAndStays() throws IOException {
    TestClient client = daemon.client();
    client.put("x");
    int before = Traces.now().descriptors().size();
    Path file = daemon.file("kept");
    Payload payload = create(client, 5, file.toString());
    client.seal(payload.id());
    assertThat(Traces.now().descriptors()).hasSize(before + 3);

    client.delete(payload.id());

    assertThat(client.finds(payload.id())).isFalse();
    assertThat(Traces.now().descriptors()).hasSize(before + 1); // the client's own
    assertThat(file).hasSize(5);
  }

  @Test
  void noBytesNeedNoFile() {
    TestClient client = daemon.client();

    assertThat(create(client, 0, "/nonexistent/file").id()).isEqualTo(ObjectId.EMPTY_BLOB);
    assertThat(client.refused(new BlobRequest.CreateOnDisk(0, ""))).isEqualTo(Status.INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relative/path",
        "/nonexistent/directory/file",
        "/",
        "/tmp",
        "/dev/null",
        "/dev/zero",
        "/proc/self/mem",
        "/proc/self/environ",
        "/proc/thread-self/mem",
        "/proc/self/cmdline",
        "/proc/self/comm",
        "/proc/self/fd/0",
        "/tmp/with\u0000zero"
      })
  void whatIsNoOrdinaryFileIsRefused(String path) {
    TestClient client = daemon.client();
    int before = Traces.now().descriptors().size();

    assertThat(client.refused(new BlobRequest.CreateOnDisk(10, path))).isEqualTo(Status.INVALID);

    assertThat(Traces.now().descriptors()).hasSize(before);
    create(client, 10, "");
  }

  /// `/proc/self` is the daemon to the daemon: a link to it would lead into its memory.
  @Test
  void aLinkIntoTheDaemonsProcessIsRefused() throws IOException {
    TestClient client = daemon.client();
    Path link = daemon.file("link");
    for (String target : new String[] {"/proc/self/mem", "/proc/self/comm", "/dev/zero"}) {
      Files.createSymbolicLink(link, Path.of(target));

      assertThat(client.refused(new BlobRequest.CreateOnDisk(1, link.toString())))
          .as(target)
          .isEqualTo(Status.INVALID);

      Files.delete(link);
    }
  }

  @Test
  void anOrdinaryLinkIsFollowed() throws IOException {
    TestClient client = daemon.client();
    Path file = daemon.file("file");
    Path link = daemon.file("link");
    Files.write(file, new byte[] {1, 2, 3});
    Files.createSymbolicLink(link, file);

    assertThat(client.read(create(client, 3, link.toString()))).containsExactly(1, 2, 3);
  }

  /// Memory files are open to everybody who finds a path to them, and `/proc` is one.
  @Test
  void anOpenFileOfAProcessIsRefused() throws PosixException {
    TestClient client = daemon.client();
    int memory = SharedMemory.memfdCreate("others");
    SharedMemory.truncate(memory, 4096);
    long self = ProcessHandle.current().pid();

    assertThat(
            client.refused(
                new BlobRequest.CreateOnDisk(10, "/proc/%d/fd/%d".formatted(self, memory))))
        .isEqualTo(Status.INVALID);

    Descriptor.close(memory);
  }

  @Test
  void aPipeIsRefusedAtOnce() throws Exception {
    TestClient client = daemon.client();
    Path pipe = daemon.file("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    assertThat(client.refused(new BlobRequest.CreateOnDisk(1, pipe.toString())))
        .isEqualTo(Status.INVALID);
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 62, Long.MAX_VALUE - 8, Long.MAX_VALUE})
  void anImpossibleSizeSpoilsNothing(long sizeBytes) {
    TestClient client = daemon.client();

    assertThat(client.refused(new BlobRequest.CreateOnDisk(sizeBytes, "")))
        .isIn(Status.INVALID, Status.STORE_FULL);

    assertThat(client.put("x")).isNotNull();
    create(client, 10, "");
  }

  /// The user at the other end decides, not the daemon's: root, where the tests run as root.
  @Test
  void nobodyOpensThroughTheDaemonWhatHisOwnUserCouldNot() throws IOException {
    Path secret = daemon.file("secret");
    Files.writeString(secret, "secret");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path locked = daemon.file("locked");
    Files.writeString(locked, "read only");
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rw-r--r--"));
    try (var handler = new DiskHandlerUnderTest()) {
      var stranger = new PeerCredentials(1, 65_534, 65_534);

      assertThat(handler.create(secret, stranger)).isEqualTo(Status.INVALID);
      assertThat(handler.create(locked, stranger)).isEqualTo(Status.INVALID);
      assertThat(handler.create(secret.resolveSibling("test-made"), stranger))
          .isEqualTo(Status.INVALID);
      assertThat(secret.resolveSibling("test-made")).doesNotExist();

      var owner = new PeerCredentials(1, FileAccess.effectiveUser(), FileAccess.effectiveGroup());
      assertThat(handler.create(secret, owner)).isEqualTo(Status.OK);
    }
  }

  private static Payload create(TestClient client, long sizeBytes, String path) {
    return client
        .wire()
        .call(new BlobRequest.CreateOnDisk(sizeBytes, path), BlobReply.CreatedOnDisk.class)
        .payload();
  }
}
