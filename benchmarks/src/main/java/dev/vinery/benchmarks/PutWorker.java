package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;

/// Puts objects of one size, one or several in a step, and deletes them after the turn.
final class PutWorker implements Worker {
  private final LoadClient client;
  private final long sizeBytes;
  private final int atOnce;
  private long[] made = {};

  PutWorker(LoadClient client, long sizeBytes) {
    this(client, sizeBytes, 1);
  }

  /// @param atOnce objects in a step
  PutWorker(LoadClient client, long sizeBytes, int atOnce) {
    this.client = client;
    this.sizeBytes = sizeBytes;
    this.atOnce = atOnce;
  }

  @Override
  public void prepare(int steps) {
    made = new long[steps * atOnce];
  }

  @Override
  public void step(int index) throws PosixException {
    if (atOnce == 1) {
      made[index] = client.put(sizeBytes);
    } else {
      client.putMany(atOnce, sizeBytes, made, index * atOnce);
    }
  }

  @Override
  public void finish(int steps) throws PosixException {
    client.discard(made, steps * atOnce, false);
  }

  @Override
  public void close() {
    client.close();
  }
}
