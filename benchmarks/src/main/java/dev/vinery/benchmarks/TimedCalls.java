package dev.vinery.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/// Calls that several clients made at the same time for a while. Immutable.
///
/// @param perSecond of all clients together
/// @param nanos how long each took
record TimedCalls(double perSecond, Percentiles nanos) {
  /// One call after the other, of one client.
  interface Calls {
    /// @return false if there is nothing left to call
    boolean call() throws Exception;
  }

  /// Makes a client.
  interface Clients {
    Calls connect(int index) throws Exception;
  }

  /// Connects all clients, then has them call until the time is over or they have no more.
  static TimedCalls run(int count, Duration time, Clients clients) {
    var connected = new CountDownLatch(count);
    List<Future<long[]>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
      for (int i = 0; i < count; i++) {
        int index = i;
        running.add(
            threads.submit(() -> {
              Calls calls;
              try {
                calls = clients.connect(index);
              } finally {
                connected.countDown();
              }
              connected.await();
              return call(calls, System.nanoTime() + time.toNanos());
            }));
      }
    }
    List<long[]> all = new ArrayList<>();
    double perSecond = 0;
    for (Future<long[]> each : running) {
      try {
        long[] nanos = each.get();
        all.add(nanos);
        perSecond += nanos.length / (LongStream.of(nanos).sum() / 1e9);
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException("a client failed: " + e.getCause(), e);
      }
    }
    long[] together = all.stream().flatMapToLong(LongStream::of).toArray();
    return new TimedCalls(perSecond, new Percentiles(together));
  }

  private static long[] call(Calls calls, long endNanos) throws Exception {
    var nanos = LongStream.builder();
    long now = System.nanoTime();
    while (now < endNanos && calls.call()) {
      long then = System.nanoTime();
      nanos.add(then - now);
      now = then;
    }
    return nanos.build().toArray();
  }

  @Override
  public String toString() {
    return Figures.rate(perSecond) + " (" + Figures.micros((double) nanos.nanos(0.5)) + ")";
  }
}
