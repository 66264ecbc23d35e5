package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;

/// Puts objects of one size, and deletes them after the turn.
final class PutWorker implements Worker {
  private final LoadClient client;
  private final long sizeBytes;
  private long[] made = {};

  PutWorker(LoadClient client, long sizeBytes) {
    this.client = client;
    this.sizeBytes = sizeBytes;
  }

  @Override
  public void prepare(int steps) {
    made = new long[steps];
  }

  @Override
  public void step(int index) throws PosixException {
    made[index] = client.put(sizeBytes);
  }

  @Override
  public void finish(int steps) throws PosixException {
    client.discard(made, steps, false);
  }

  @Override
  public void close() {
    client.close();
  }
}
