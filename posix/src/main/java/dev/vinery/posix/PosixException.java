package dev.vinery.posix;

/// A system call failed.
public final class PosixException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public PosixException(String call, int errno) {
    super(call + " failed: errno " + errno);
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }
}
