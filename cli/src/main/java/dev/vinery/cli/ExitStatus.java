package dev.vinery.cli;

/// What the commands tell the shell.
final class ExitStatus {
  static final int DONE = 0;

  /// The store refused, or there is no such object or name. For the daemon: it could not start, or
  /// did not end in order.
  static final int REFUSED = 1;

  /// The command line cannot be obeyed.
  static final int USAGE = 2;

  /// No daemon can be reached.
  static final int NO_DAEMON = 3;

  /// A file that was to be put or written cannot be.
  static final int BAD_INPUT = 4;

  private ExitStatus() {}
}
