package dev.vinery.benchmarks;

import java.io.IOException;
import java.util.List;

/// What all parts of one run share.
///
/// @param options what the user asked for
/// @param directory where sockets and logs are
/// @param children the processes that are started, and stopped with this one
/// @param comparison how loads are compared
/// @param clients through which clients loads are run
record Run(
    RunOptions options,
    RunDirectory directory,
    Children children,
    Comparison comparison,
    List<ClientKind> clients) {

  /// Starts a daemon and waits until it serves.
  DaemonProcess start(Side side) throws IOException {
    return DaemonProcess.start(options.program(side), directory, options, children);
  }
}
