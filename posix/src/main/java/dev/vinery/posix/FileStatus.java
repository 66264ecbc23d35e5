package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// What `fstat` tells about an open file.
///
/// ```
/// struct stat          x86-64   aarch64
///   unsigned st_mode       24        16
///   long     st_size       48        48
///   long     st_blocks     64        64   counted in 512 bytes whatever the file system's block
/// ```
///
/// @param mode type and permissions, as in sys/stat.h
/// @param sizeBytes length of the file
/// @param residentBytes storage the file takes; of a memory file, its pages in memory or swap
record FileStatus(int mode, long sizeBytes, long residentBytes) {
  private static final long SIZE_OFFSET = 48;
  private static final long BLOCKS_OFFSET = 64;
  private static final long BLOCK_BYTES = 512;

  private static final int S_IFMT = 0xF000; // linux/stat.h
  private static final int S_IFREG = 0x8000;

  /// `int fstat(int fd, struct stat *buf)`, by its number: glibc has a function of that name only
  /// since 2.33.
  private static final Native.Function FSTAT = Native.systemCall("fstat");

  static FileStatus of(int fd) throws PosixException {
    MemorySegment stat = Scratch.ofThread().arguments();
    FSTAT.call(Architecture.CURRENT.fstatNumber(), fd, stat.address());
    return new FileStatus(
        stat.get(JAVA_INT, Architecture.CURRENT.modeOffset()),
        stat.get(JAVA_LONG, SIZE_OFFSET),
        stat.get(JAVA_LONG, BLOCKS_OFFSET) * BLOCK_BYTES);
  }

  boolean isRegularFile() {
    return (mode & S_IFMT) == S_IFREG;
  }
}
