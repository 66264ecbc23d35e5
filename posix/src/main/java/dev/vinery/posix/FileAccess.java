package dev.vinery.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Opening files, with one's own rights or with those of another user. Safe for use by several
/// threads.
public final class FileAccess {
  // asm-generic/fcntl.h
  public static final int O_RDONLY = 0x0;
  public static final int O_WRONLY = 0x1;
  public static final int O_RDWR = 0x2;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_TRUNC = 0x200;

  /// Makes opening a FIFO or a device return at once instead of waiting for a peer.
  public static final int O_NONBLOCK = 0x800;

  public static final int O_CLOEXEC = 0x80000;
  public static final int O_DIRECTORY = Architecture.CURRENT.directoryFlag();

  /// Refuses a path whose last part is a symbolic link, with `ELOOP`.
  public static final int O_NOFOLLOW = Architecture.CURRENT.noFollowFlag();

  /// Creates a file without a name in the directory that the path names.
  public static final int O_TMPFILE = 0x400000 | O_DIRECTORY;

  private static final int ROOT = 0;
  private static final int ASK = -1; // no valid id: setfsuid and setfsgid then only answer

  /// `int open(const char *path, int flags, ...)`
  private static final Native.Function OPEN = Native.function("open");

  /// `ssize_t pread(int fd, void *buf, size_t count, off_t offset)`
  private static final Native.Function PREAD = Native.function("pread");

  /// `uid_t geteuid(void)`
  private static final Native.Function GETEUID = Native.function("geteuid");

  /// `gid_t getegid(void)`
  private static final Native.Function GETEGID = Native.function("getegid");

  /// `int setfsuid(uid_t fsuid)`, of the calling thread alone; returns the former id.
  private static final Native.Function SETFSUID = Native.function("setfsuid");

  /// `int setfsgid(gid_t fsgid)`, of the calling thread alone; returns the former id.
  private static final Native.Function SETFSGID = Native.function("setfsgid");

  /// `int setgroups(int size, const gid_t *list)`, by its number, because the function of the C
  /// library changes all threads of the process.
  private static final Native.Function SETGROUPS = Native.systemCall("setgroups");

  private FileAccess() {}

  /// Opens a file and returns its descriptor, which the caller closes. It is not inherited by
  /// programs that are started ([#O_CLOEXEC] is implied).
  ///
  /// @param flags one of [#O_RDONLY], [#O_WRONLY], [#O_RDWR], or'ed with others of this class
  /// @param mode permission bits of a file that is created, reduced by the process's umask
  /// @throws PosixException if the kernel refuses, with `ENOENT` or `EACCES` among others
  public static int open(Path path, int flags, int mode) throws PosixException {
    try (var arena = Arena.ofConfined()) {
      long cPath = Native.cString(path.toString(), arena);
      long fd;
      do {
        fd = OPEN.once(cPath, flags | O_CLOEXEC, mode, 0);
      } while (fd == -Errno.EINTR);
      if (Native.failed(fd)) {
        throw new PosixException("open of " + path, (int) -fd);
      }
      return (int) fd;
    }
  }

  /// Opens a file as another user would, so that the kernel itself decides what he may open; a file
  /// that is created is his. Supplementary groups of that user are not taken into account.
  ///
  /// The process must be that user already, or be root. In the latter case a thread is started that
  /// takes on the user's rights, opens, and ends; the calling thread waits for it even if it is
  /// interrupted.
  ///
  /// @param uid the user, as [PeerCredentials#uid()] tells it
  /// @param gid the user's group; not looked at if this process is that user
  /// @throws PosixException as [#open] does, and with `EACCES` if this process may not act for the
  ///   user
  public static int openAs(Path path, int flags, int mode, int uid, int gid) throws PosixException {
    if (uid == effectiveUser()) {
      return open(path, flags, mode);
    }
    if (effectiveUser() != ROOT) {
      throw new PosixException(
          "open of " + path + " as user " + Integer.toUnsignedString(uid), Errno.EACCES);
    }
    var opening =
        new FutureTask<>(() -> {
          becomeForFiles(uid, gid);
          return open(path, flags, mode);
        });
    Thread.ofPlatform().daemon().name("open-as-" + Integer.toUnsignedString(uid)).start(opening);
    return await(opening);
  }

  /// Gives the calling thread another user's rights to files, for good. Leaving user 0 this way
  /// also takes away the capabilities that override file permissions (capabilities(7)).
  private static void becomeForFiles(int uid, int gid) throws PosixException {
    SETGROUPS.call(Architecture.CURRENT.setgroupsNumber(), 0, 0);
    // Neither of the two reports failure, but each tells the id that holds.
    SETFSGID.once(gid, 0, 0, 0);
    SETFSUID.once(uid, 0, 0, 0);
    if ((int) SETFSGID.once(ASK, 0, 0, 0) != gid || (int) SETFSUID.once(ASK, 0, 0, 0) != uid) {
      String wanted = Integer.toUnsignedString(uid) + ", group " + Integer.toUnsignedString(gid);
      throw new PosixException("setfsuid to user " + wanted, Errno.EPERM);
    }
  }

  /// Waits without giving up: whoever gave up would lose a descriptor.
  private static int await(FutureTask<Integer> opening) throws PosixException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return opening.get();
        } catch (InterruptedException later) {
          interrupted = true;
        } catch (ExecutionException failed) {
          if (failed.getCause() instanceof PosixException refused) {
            throw refused;
          }
          throw new AssertionError("opening fails with PosixException only", failed);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Reads bytes from a place in a file, without moving where others read.
  ///
  /// @param buffer native memory
  /// @param offset where in the buffer the bytes go
  /// @return how many came: fewer than wanted near the end of the file, 0 at it
  public static int read(int fd, long position, MemorySegment buffer, long offset, int length)
      throws PosixException {
    long pointer = Native.pointer(buffer, offset, length);
    try {
      return (int) PREAD.call(fd, pointer, length, position);
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  /// The user whose rights this process has; 0 is root.
  public static int effectiveUser() {
    return (int) GETEUID.once(0, 0, 0, 0);
  }

  /// The group whose rights this process has.
  public static int effectiveGroup() {
    return (int) GETEGID.once(0, 0, 0, 0);
  }

  /// Whether a descriptor is of a plain file, and not of a directory, a FIFO, a socket or a device.
  public static boolean isRegularFile(int fd) throws PosixException {
    return FileStatus.of(fd).isRegularFile();
  }

  /// A path that names the open file itself, whatever has become of its name.
  static Path pathOf(int fd) {
    return Path.of("/proc/self/fd", Integer.toString(fd));
  }
}
