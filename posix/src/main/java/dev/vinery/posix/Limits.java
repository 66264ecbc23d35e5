package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// What the host and its administrator let this process have. Every limit is in bytes; [#UNLIMITED]
/// where there is none. Safe for use by several threads.
public final class Limits {
  /// A limit that is none.
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final int RLIMIT_FSIZE = 1; // asm-generic/resource.h
  private static final int SC_PHYS_PAGES = 85; // bits/confname.h

  /// `int getrlimit(int resource, struct rlimit *rlim)`
  private static final Native.Function GETRLIMIT = Native.function("getrlimit");

  /// `long sysconf(int name)`
  private static final Native.Function SYSCONF = Native.function("sysconf");

  private Limits() {}

  /// How long a file, a memory file too, may become.
  public static long fileSizeLimitBytes() throws PosixException {
    MemorySegment limit = Scratch.ofThread().arguments(); // soft limit at 0, hard one at 8
    GETRLIMIT.call(RLIMIT_FSIZE, limit.address());
    long soft = limit.get(JAVA_LONG, 0);
    return soft < 0 ? UNLIMITED : soft; // unsigned; all ones is RLIM_INFINITY
  }

  /// Memory of the host.
  public static long memoryBytes() throws PosixException {
    return SYSCONF.call(SC_PHYS_PAGES) * SharedMemory.pageSize();
  }

  /// The lowest memory limit of the control groups this process is in, of version 2 or 1.
  public static long cgroupMemoryLimitBytes() {
    return ControlGroups.memoryLimitBytes(Path.of("/"));
  }
}
