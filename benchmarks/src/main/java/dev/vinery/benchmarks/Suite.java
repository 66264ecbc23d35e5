package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.io.IOException;

/// Loads of one subject, run on daemons that were started for them.
interface Suite {
  /// How the option `--only` names it: `W1`.
  String id();

  /// What the report says above its table.
  String title();

  /// Whether it is run only if `--only` names it.
  default boolean optional() {
    return false;
  }

  /// Runs the loads.
  ///
  /// @param report takes what comes out
  void run(SideBySide daemons, SuiteReport report) throws IOException, PosixException;
}
