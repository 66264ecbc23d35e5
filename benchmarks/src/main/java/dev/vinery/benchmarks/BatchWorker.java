package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.util.Arrays;

/// Does something to things of which each turn has fresh ones. After the turn it discards them and
/// what the steps have made of them.
///
/// @param <C> the client it needs
final class BatchWorker<C extends LoadClient> implements Worker {
  /// In place of an id: nothing was made.
  static final long NOTHING = 0;

  private final C client;
  private final Making<C> making;
  private final Step<C> step;
  private long[] things = {};
  private long[] results = {};

  /// Makes a thing of those that a turn needs.
  interface Making<C> {
    /// @return its id, or [#NOTHING] if the step needs none
    long make(C client) throws PosixException;
  }

  /// Does what is measured.
  interface Step<C> {
    /// @param thing the id of a thing that nothing was done to yet
    /// @return the id of what the step made, or [#NOTHING]
    long run(C client, long thing) throws PosixException;
  }

  BatchWorker(C client, Making<C> making, Step<C> step) {
    this.client = client;
    this.making = making;
    this.step = step;
  }

  @Override
  public void prepare(int steps) throws PosixException {
    things = new long[steps];
    results = new long[steps];
    for (int i = 0; i < steps; i++) {
      things[i] = making.make(client);
    }
  }

  @Override
  public void step(int index) throws PosixException {
    results[index] = step.run(client, things[index]);
  }

  @Override
  public void finish(int steps) throws PosixException {
    discard(results);
    discard(things);
  }

  private void discard(long[] ids) throws PosixException {
    long[] made = Arrays.stream(ids).filter(id -> id != NOTHING).toArray();
    client.discard(made, made.length, false);
  }

  @Override
  public void close() {
    client.close();
  }
}
