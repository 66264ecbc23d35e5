package dev.vinery.io;

/// Cleaning up in threads that were interrupted, whose calls to the daemon would fail otherwise.
final class Cleanup {
  private Cleanup() {}

  /// Runs something to its end. An interrupt is there again afterwards.
  static void run(Runnable cleaning) {
    boolean interrupted = Thread.interrupted();
    try {
      cleaning.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
