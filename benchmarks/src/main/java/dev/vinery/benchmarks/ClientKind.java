package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.nio.file.Path;

/// The clients through which loads are run.
enum ClientKind {
  /// The system calls and texts of the official C++ client.
  OFFICIAL,
  /// Our Java client.
  JAVA;

  LoadClient connect(Path socket, Content content) throws PosixException {
    return switch (this) {
      case OFFICIAL -> OfficialClient.connect(socket, content);
      case JAVA -> JavaClient.connect(socket, content);
    };
  }
}
