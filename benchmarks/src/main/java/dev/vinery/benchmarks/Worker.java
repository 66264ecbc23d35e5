package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;

/// What one client of a load does. Only [#step] is timed. Confined to one thread at a time.
interface Worker extends AutoCloseable {

  /// A step that leaves nothing behind.
  interface Step {
    void run() throws PosixException;
  }

  /// A worker that does one thing.
  ///
  /// @param client closed with the worker
  static Worker of(LoadClient client, Step step) {
    return new Worker() {
      @Override
      public void step(int index) throws PosixException {
        step.run();
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  /// Makes what the next steps need.
  ///
  /// @param steps how many there will be
  default void prepare(int steps) throws PosixException {}

  /// Does once what is measured.
  ///
  /// @param index counts from 0 in each turn
  void step(int index) throws PosixException;

  /// Undoes a step before the next one.
  default void undo(int index) throws PosixException {}

  /// Clears away what a turn has left.
  ///
  /// @param steps how many were done
  default void finish(int steps) throws PosixException {}

  @Override
  void close();
}
