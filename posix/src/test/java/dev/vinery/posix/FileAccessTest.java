package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileAccessTest {
  private static final int ALICE = 61_001;
  private static final int BOB = 61_002;
  private static final int VINTNERS = 62_001; // a group
  private static final boolean ROOT = FileAccess.effectiveUser() == 0;

  private static final Native.Function SETGROUPS = Native.systemCall("setgroups");

  @TempDir private Path directory;

  @BeforeEach
  void letEverybodyIn() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Test
  void aFileIsCreatedWithItsMode() throws Exception {
    Path file = directory.resolve("new");
    int flags = FileAccess.O_RDWR | FileAccess.O_CREAT | FileAccess.O_EXCL;

    int fd = FileAccess.open(file, flags, 0600);
    SharedMemory.truncate(fd, 100);
    Descriptor.close(fd);

    assertThat(file).hasSize(100);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertRefused(Errno.EEXIST, () -> FileAccess.open(file, flags, 0600));
  }

  @Test
  void theReasonOfARefusalNamesThePath() {
    Path missing = directory.resolve("missing");

    assertThatThrownBy(() -> FileAccess.open(missing, FileAccess.O_RDONLY, 0))
        .hasMessage("open of " + missing + " failed: No such file or directory (errno 2)");
  }

  @Test
  void theFlagsMeanWhatTheirNamesSay() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);

    assertRefused(Errno.ELOOP, () -> FileAccess.open(link, FileAccess.O_NOFOLLOW, 0));
    assertRefused(Errno.ENOTDIR, () -> FileAccess.open(file, FileAccess.O_DIRECTORY, 0));
    Descriptor.close(FileAccess.open(link, FileAccess.O_RDONLY, 0));
    Descriptor.close(FileAccess.open(directory, FileAccess.O_DIRECTORY, 0));
    Files.writeString(file, "text");
    Descriptor.close(FileAccess.open(file, FileAccess.O_WRONLY | FileAccess.O_TRUNC, 0));
    assertThat(file).isEmptyFile();
  }

  @Test
  void aTemporaryFileHasNoName() throws Exception {
    int fd = FileAccess.open(directory, FileAccess.O_TMPFILE | FileAccess.O_RDWR, 0600);
    try {
      SharedMemory.truncate(fd, 4096);

      assertThat(SharedMemory.sizeBytes(fd)).isEqualTo(4096);
      assertThat(directory).isEmptyDirectory();
    } finally {
      Descriptor.close(fd);
    }
  }

  @Test
  void plainFilesAreToldFromOthers() throws Exception {
    int file =
        FileAccess.open(directory.resolve("f"), FileAccess.O_RDWR | FileAccess.O_CREAT, 0600);
    int folder = FileAccess.open(directory, FileAccess.O_RDONLY, 0);
    int device = FileAccess.open(Path.of("/dev/null"), FileAccess.O_RDWR, 0);
    int event = EventFd.create();

    assertThat(FileAccess.isRegularFile(file)).isTrue();
    assertThat(FileAccess.isRegularFile(folder)).isFalse();
    assertThat(FileAccess.isRegularFile(device)).isFalse();
    assertThat(FileAccess.isRegularFile(event)).isFalse();
    for (int fd : new int[] {file, folder, device, event}) {
      Descriptor.close(fd);
    }
  }

  @Test
  void oneMayAlwaysOpenAsOneself() throws Exception {
    Path file = Files.writeString(directory.resolve("mine"), "mine");

    int fd = FileAccess.openAs(file, FileAccess.O_RDONLY, 0, FileAccess.effectiveUser(), VINTNERS);

    assertThat(SharedMemory.sizeBytes(fd)).isEqualTo(4);
    Descriptor.close(fd);
  }

  @Test
  void aFileOfItsOwnerIsOpenToNoOtherUser() throws Exception {
    Path file = fileOf(ALICE, VINTNERS, "rw-------");

    assertOpens(file, ALICE, ALICE);
    assertDenied(file, BOB, VINTNERS);
  }

  @Test
  void aFileOfRootIsOpenToNoOtherUser() throws Exception {
    Path file = fileOf(FileAccess.effectiveUser(), FileAccess.effectiveGroup(), "rw-r-----");

    assertDenied(file, ALICE, ALICE);
  }

  @Test
  void theGroupsOfThisProcessOpenNothingToOthers() throws Exception {
    Path file = fileOf(BOB, VINTNERS, "---rw----");
    var member =
        KernelThread.blockedIn(() -> {
          joinVintners();
          assertDenied(file, ALICE, ALICE);
          return true;
        });

    assertThat(member.result()).isTrue();
  }

  /// Gives the calling thread, and those it starts, a supplementary group. Only root can.
  private static void joinVintners() throws PosixException {
    if (ROOT) {
      try (var arena = Arena.ofConfined()) {
        MemorySegment groups = arena.allocateFrom(ValueLayout.JAVA_INT, VINTNERS);
        SETGROUPS.call(Architecture.CURRENT.setgroupsNumber(), 1, groups.address());
      }
    }
  }

  @Test
  void aFileOfAGroupIsOpenToItsGroup() throws Exception {
    Path file = fileOf(BOB, VINTNERS, "---rw----");

    assertOpens(file, ALICE, VINTNERS);
    assertDenied(file, ALICE, ALICE);
  }

  @Test
  void aDirectoryThatIsClosedToAUserHidesItsFiles() throws Exception {
    Path hidden = Files.createFile(Files.createDirectory(directory.resolve("d")).resolve("f"));
    Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-rw-rw-"));
    Files.setPosixFilePermissions(hidden.getParent(), PosixFilePermissions.fromString("rwx------"));

    assertDenied(hidden, ALICE, ALICE);
  }

  @Test
  void whatIsCreatedForAUserIsHis() throws Exception {
    Path file = directory.resolve("created");
    int flags = FileAccess.O_RDWR | FileAccess.O_CREAT;

    if (ROOT) {
      Descriptor.close(FileAccess.openAs(file, flags, 0600, ALICE, VINTNERS));
      assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(ALICE);
      assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(VINTNERS);
    } else {
      assertRefused(Errno.EACCES, () -> FileAccess.openAs(file, flags, 0600, ALICE, VINTNERS));
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void actingForOthersChangesNoOtherThread() throws Exception {
    Path file = fileOf(ALICE, ALICE, "rw-------");
    for (int i = 0; i < 20; i++) {
      assertDenied(file, BOB, BOB);
    }

    Path later = Files.writeString(directory.resolve("later"), "later");

    assertThat(Files.getAttribute(later, "unix:uid")).isEqualTo(FileAccess.effectiveUser());
    assertThat(Files.readAllLines(Path.of("/proc/self/status")))
        .filteredOn(line -> line.startsWith("Uid:"))
        .containsExactly("Uid:" + ("\t" + FileAccess.effectiveUser()).repeat(4));
  }

  @Test
  void anInterruptedCallerGetsItsDescriptorAndStaysInterrupted() throws Exception {
    Path file = fileOf(ALICE, ALICE, "rw-------");

    Thread.currentThread().interrupt();
    try {
      assertOpens(file, ALICE, ALICE);
    } finally {
      assertThat(Thread.interrupted()).isEqualTo(true);
    }
  }

  /// A file of a user and a group, or, since only root can give files away, of this user.
  private Path fileOf(int user, int group, String permissions) throws Exception {
    Path file = Files.createFile(directory.resolve("of-" + user));
    if (ROOT) {
      Files.setAttribute(file, "unix:uid", user);
      Files.setAttribute(file, "unix:gid", group);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return file;
  }

  /// Only root can act for others; everybody else is denied even what the other user may open.
  private static void assertOpens(Path file, int user, int group) throws PosixException {
    if (ROOT) {
      Descriptor.close(FileAccess.openAs(file, FileAccess.O_RDWR, 0, user, group));
    } else {
      assertDenied(file, user, group);
    }
  }

  private static void assertDenied(Path file, int user, int group) {
    assertRefused(Errno.EACCES, () -> FileAccess.openAs(file, FileAccess.O_RDONLY, 0, user, group));
  }

  private static void assertRefused(int errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PosixException.class, refused -> assertThat(refused.errno()).isEqualTo(errno));
  }
}
