package dev.vinery.posix;

/// What can be done with a descriptor of any kind. Safe for use by several threads.
public final class Descriptor {
  /// `int close(int fd)`
  private static final Native.Function CLOSE = Native.function("close");

  private Descriptor() {}

  /// Gives a descriptor back. Its number may mean another file from now on, so it is closed exactly
  /// once: after a signal, too, Linux has already let go of it and nothing is retried. What delayed
  /// writes ran into is not reported here.
  ///
  /// @throws IllegalArgumentException if the descriptor is not open
  public static void close(int fd) {
    if ((int) CLOSE.once(fd, 0, 0, 0) == -Errno.EBADF) {
      throw new IllegalArgumentException("descriptor is not open: " + fd);
    }
  }
}
