package dev.vinery.posix;

/// A system call that failed, with the number it left in `errno`.
public final class PosixException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /// @param call what was tried, for people: a C function, and what it was called on where that
  ///   helps
  /// @param errno one of [Errno] or any other number of the kernel
  public PosixException(String call, int errno) {
    super(call + " failed: " + Errno.describe(errno) + " (errno " + errno + ")");
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }
}
