package dev.vinery.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/// Memory files: anonymous memory with a descriptor that other processes map. One method is one
/// system call, repeated only if a signal interrupts it. Safe for use by several threads.
public final class SharedMemory {
  // linux/fcntl.h
  /// Seal: no further seal can be added.
  public static final int SEAL_SEAL = 0x1;

  /// Seal: the file cannot become shorter.
  public static final int SEAL_SHRINK = 0x2;

  /// Seal: the file cannot become longer.
  public static final int SEAL_GROW = 0x4;

  private static final int F_ADD_SEALS = 1033;

  private static final int MFD_CLOEXEC = 0x1; // linux/memfd.h
  private static final int MFD_ALLOW_SEALING = 0x2;

  private static final int FALLOC_FL_KEEP_SIZE = 0x1; // linux/falloc.h
  private static final int FALLOC_FL_PUNCH_HOLE = 0x2;

  private static final int PROT_READ = 0x1; // asm-generic/mman-common.h
  private static final int PROT_WRITE = 0x2;
  private static final int PROT_NONE = 0x0;
  private static final int MAP_SHARED = 0x1;
  private static final int MAP_PRIVATE = 0x2;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int NO_FD = -1;
  private static final int MADV_POPULATE_WRITE = 23;

  private static final int SC_PAGESIZE = 30; // bits/confname.h

  /// `int memfd_create(const char *name, unsigned int flags)`
  private static final Native.Function MEMFD_CREATE = Native.function("memfd_create");

  /// `int ftruncate(int fd, off_t length)`
  private static final Native.Function FTRUNCATE = Native.function("ftruncate");

  /// `int fcntl(int fd, int cmd, ...)`
  private static final Native.Function FCNTL = Native.function("fcntl");

  /// `int fchmod(int fd, mode_t mode)`
  private static final Native.Function FCHMOD = Native.function("fchmod");

  /// `int fallocate(int fd, int mode, off_t offset, off_t len)`
  private static final Native.Function FALLOCATE = Native.function("fallocate");

  /// `void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset)`
  private static final Native.Function MMAP = Native.function("mmap");

  /// `int munmap(void *addr, size_t length)`
  private static final Native.Function MUNMAP = Native.function("munmap");

  /// `int madvise(void *addr, size_t length, int advice)`
  private static final Native.Function MADVISE = Native.function("madvise");

  /// `long sysconf(int name)`
  private static final Native.Function SYSCONF = Native.function("sysconf");

  private static final int PAGE_SIZE = readPageSize();

  private SharedMemory() {}

  /// Creates an empty memory file that can be sealed, and returns its descriptor, which the caller
  /// closes.
  ///
  /// @param name label shown in `/proc/<pid>/fd`; for people, not unique
  /// @throws PosixException if the kernel refuses, with `EMFILE` or `ENOMEM` among others
  public static int memfdCreate(String name) throws PosixException {
    try (var arena = Arena.ofConfined()) {
      return (int) MEMFD_CREATE.call(Native.cString(name, arena), MFD_CLOEXEC | MFD_ALLOW_SEALING);
    }
  }

  /// Sets the length of a file. New bytes are zero and take no memory until touched.
  ///
  /// @throws PosixException with `EPERM` if a seal forbids it, with `EFBIG` above the process's
  ///   limit of file sizes, with `EINVAL` if the descriptor is not writable
  public static void truncate(int fd, long sizeBytes) throws PosixException {
    FTRUNCATE.call(fd, sizeBytes);
  }

  /// Adds seals, which nobody can take away, to a memory file.
  ///
  /// @param seals [#SEAL_SEAL], [#SEAL_SHRINK], [#SEAL_GROW], or'ed
  public static void addSeals(int fd, int seals) throws PosixException {
    FCNTL.call(fd, F_ADD_SEALS, seals);
  }

  /// Opens the same file anew for reading only. Through the descriptor it returns, which the caller
  /// closes, nobody can write, resize, punch or map writable.
  ///
  /// @throws PosixException with `EACCES` if the file's mode does not let this process read it
  public static int reopenReadOnly(int fd) throws PosixException {
    return FileAccess.open(FileAccess.pathOf(fd), FileAccess.O_RDONLY, 0);
  }

  /// Sets the permission bits of a file, which decide who can reopen it.
  public static void changeMode(int fd, int mode) throws PosixException {
    FCHMOD.call(fd, mode);
  }

  /// Takes storage for a range now, so that touching it later cannot fail for want of room. The
  /// file grows if the range ends behind it.
  ///
  /// @throws PosixException with `ENOSPC` if there is no room, `EOPNOTSUPP` if the file system
  ///   cannot
  public static void reserve(int fd, long offset, long sizeBytes) throws PosixException {
    FALLOCATE.call(fd, 0, offset, sizeBytes);
  }

  /// Gives the pages of a range back to the system; its bytes become zero, in every mapping. Pages
  /// that are only partly in the range are zeroed there and kept.
  ///
  /// @throws PosixException with `EBADF` if the descriptor is not writable
  public static void punchHole(int fd, long offset, long sizeBytes) throws PosixException {
    FALLOCATE.call(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, sizeBytes);
  }

  /// Storage that a file takes: of a memory file, its pages in memory or swap, in bytes.
  public static long residentBytes(int fd) throws PosixException {
    return FileStatus.of(fd).residentBytes();
  }

  /// Length of a file in bytes.
  public static long sizeBytes(int fd) throws PosixException {
    return FileStatus.of(fd).sizeBytes();
  }

  /// Maps a file from its start, shared with all who map it. The mapping ends with the arena; it
  /// does not need the descriptor any more.
  ///
  /// Touching a page behind the end of the file, or one for which there is no storage, ends in an
  /// `InternalError`.
  ///
  /// @param sizeBytes length of the mapping, at least 1
  /// @param writable whether the segment can be written; the descriptor must allow it
  /// @throws PosixException with `EACCES` if the descriptor does not allow it, with `ENOMEM` if
  ///   there is no address space
  public static MemorySegment map(int fd, long sizeBytes, boolean writable, Arena arena)
      throws PosixException {
    return map(fd, sizeBytes, writable, MAP_SHARED, arena);
  }

  static MemorySegment map(int fd, long sizeBytes, boolean writable, int flags, Arena arena)
      throws PosixException {
    int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    long address = MMAP.call(0, sizeBytes, protection, flags, fd, 0);
    MemorySegment mapping = mapping(address, sizeBytes, arena);
    return writable ? mapping : mapping.asReadOnly();
  }

  /// Maps a file as [#map] does, at an address of one's choice: with [HugePages#SIZE_BYTES] one
  /// entry can map a huge page. Takes address space that is larger, and gives both ends back.
  ///
  /// @param alignment what the address is a multiple of, a power of two and at least a page
  public static MemorySegment mapAligned(
      int fd, long sizeBytes, long alignment, boolean writable, Arena arena) throws PosixException {
    int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    long space = (sizeBytes + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
    long reserved = space + alignment;
    int reserving = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    long start = MMAP.call(0, reserved, PROT_NONE, reserving, NO_FD, 0);
    long address = (start + alignment - 1) & -alignment;
    try {
      MMAP.call(address, sizeBytes, protection, MAP_SHARED | MAP_FIXED, fd, 0);
    } catch (PosixException e) {
      unmap(start, reserved);
      throw e;
    }
    if (address > start) {
      unmap(start, address - start);
    }
    if (address + space < start + reserved) {
      unmap(address + space, start + reserved - address - space);
    }
    MemorySegment mapping = mapping(address, sizeBytes, arena);
    return writable ? mapping : mapping.asReadOnly();
  }

  @SuppressWarnings("restricted") // the address comes from mmap and is valid for this length
  private static MemorySegment mapping(long address, long sizeBytes, Arena arena) {
    try {
      return MemorySegment.ofAddress(address)
          .reinterpret(sizeBytes, arena, whole -> unmap(whole.address(), sizeBytes));
    } catch (RuntimeException arenaRefused) {
      unmap(address, sizeBytes);
      throw arenaRefused;
    }
  }

  /// The bytes of a mapping, or of a part of it, under another lifetime: while `arena` lives, and
  /// for an automatic arena that means while anything refers to it or to the result, the mapping
  /// stays. Its own arena must be automatic, too.
  ///
  /// @param atEnd runs once when `arena` has ended, in whatever thread ends it; it must not refer
  ///   to the arena or the result
  @SuppressWarnings("restricted") // address and length stay those of a segment, which is kept alive
  public static MemorySegment view(MemorySegment part, Arena arena, Runnable atEnd) {
    return part.reinterpret(
        arena,
        _ -> {
          try {
            atEnd.run();
          } finally {
            Reference.reachabilityFence(part);
          }
        });
  }

  private static void unmap(long address, long sizeBytes) {
    try {
      MUNMAP.call(address, sizeBytes);
    } catch (PosixException impossible) {
      throw new AssertionError("a whole mapping can always be unmapped", impossible);
    }
  }

  /// Touches the pages that hold a range of a writable mapping, as a write would but without
  /// changing a byte, so that nobody waits for them later.
  ///
  /// @param mapping what [#map] returned, from its start
  /// @throws PosixException with `EINVAL` if the kernel is older than 5.14, with `EFAULT` if there
  ///   is no storage
  public static void populate(MemorySegment mapping, long offset, long sizeBytes)
      throws PosixException {
    long pageStart = offset - offset % PAGE_SIZE;
    long length = sizeBytes + (offset - pageStart);
    long pointer = Native.pointer(mapping, pageStart, length);
    try {
      advise(pointer, length, MADV_POPULATE_WRITE);
    } finally {
      Reference.reachabilityFence(mapping);
    }
  }

  static void advise(long address, long sizeBytes, int advice) throws PosixException {
    MADVISE.call(address, sizeBytes, advice);
  }

  /// Length of a page in bytes, a power of two.
  public static int pageSize() {
    return PAGE_SIZE;
  }

  private static int readPageSize() {
    return (int) SYSCONF.once(SC_PAGESIZE, 0, 0, 0);
  }
}
