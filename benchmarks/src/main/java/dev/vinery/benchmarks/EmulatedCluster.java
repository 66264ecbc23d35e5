package dev.vinery.benchmarks;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.KeyLock;
import dev.vinery.metadata.Lease;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.Watch;
import dev.vinery.metadata.WatchListener;
import dev.vinery.protocol.MetadataException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// One process that plays many instances on a real etcd: each watches the whole of it, tells that
/// it lives, and persists now and then; our way, and upstream's.
///
/// Ours: a lease kept alive every few seconds, a time stamp every ten seconds, an object with its
/// signature in one transaction. Upstream's: no lease, and each time stamp and each object under
/// the cluster's lock. What daemons do in their own tables is left out.
final class EmulatedCluster implements AutoCloseable {
  private static final Duration LEASE_TIME = Duration.ofSeconds(30);
  private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(5);
  private static final Duration TIMESTAMP_INTERVAL = Duration.ofSeconds(10);
  private static final Duration LOCK_WAIT = Duration.ofSeconds(30);

  /// How long instances may take to end.
  private static final Duration END_WAIT = Duration.ofSeconds(10);

  /// How many of the instances persist at the same time.
  private static final int WRITERS = 16;

  private final MetadataStore etcd;
  private final String prefix;
  private final boolean locked;
  private final List<Lease> leases = new ArrayList<>();
  private final List<Watch> watches = new ArrayList<>();
  private final AtomicLong seenLast = new AtomicLong();
  private final AtomicLong beats = new AtomicLong();
  private final AtomicLong beatFailures = new AtomicLong();
  private final AtomicBoolean over = new AtomicBoolean();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private EmulatedCluster(MetadataStore etcd, int instances, boolean locked) {
    this.etcd = etcd;
    this.prefix = "emulated%d%s/S0000000000000000".formatted(instances, locked);
    this.locked = locked;
    long from = etcd.revision() + 1;
    for (int i = 0; i < instances; i++) {
      leases.add(etcd.grant(LEASE_TIME));
      watches.add(etcd.watch(prefix, from, new Seeing()));
    }
  }

  /// Measures clusters of several sizes.
  static MarkdownTable table(String endpoint, boolean quick) throws InterruptedException {
    var table =
        new MarkdownTable(
            "instances",
            "way",
            "persists a second",
            "median",
            "99 %",
            "beats in time",
            "etcd's processor");
    for (int instances : new int[] {10, 100, 1_000}) {
      for (boolean locked : new boolean[] {true, false}) {
        try (MetadataStore etcd = ClusterBenchmarks.open(endpoint, false);
            var cluster = new EmulatedCluster(etcd, instances, locked)) {
          cluster.measure(table, instances, Duration.ofSeconds(quick ? 5 : 12));
        } catch (IllegalStateException overwhelmed) {
          System.err.printf("%d instances: %s%n", instances, overwhelmed.getMessage());
          String way = locked ? "upstream's" : "ours";
          table.row(Figures.count(instances), way, "no answer", "–", "–", "–", "–");
        }
      }
    }
    return table;
  }

  private void measure(MarkdownTable table, int instances, Duration time) {
    for (int i = 0; i < instances; i++) {
      int instance = i;
      threads.execute(() -> live(instance, instances));
    }
    long cpuBefore = etcdNanos();
    long startNanos = System.nanoTime();
    TimedCalls persists = TimedCalls.run(WRITERS, time, this::writer);
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    double processor = (etcdNanos() - cpuBefore) / 1e9 / seconds;
    double wanted = instances * seconds / TIMESTAMP_INTERVAL.toSeconds();
    over.set(true);
    table.row(
        Figures.count(instances),
        locked ? "upstream's" : "ours",
        Figures.rate(persists.perSecond()),
        Figures.micros((double) persists.nanos().nanos(0.5)),
        Figures.micros((double) persists.nanos().nanos(0.99)),
        "%.0f %%".formatted(Math.min(100, 100 * beats.get() / Math.max(1, wanted))),
        "%.0f %%".formatted(100 * processor));
    System.err.printf(
        "%d instances, %s: %s persists a second, %d beats%n",
        instances, locked ? "upstream's way" : "ours", persists, beats.get());
  }

  private static long etcdNanos() {
    return ProcessHandle.current().descendants().toList().stream()
        .filter(child -> child.info().command().orElse("").endsWith("etcd"))
        .mapToLong(child -> child.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
        .sum();
  }

  /// Tells again and again that an instance lives; the first time somewhen in the first interval.
  private void live(int instance, int instances) {
    Duration interval = locked ? TIMESTAMP_INTERVAL : KEEP_ALIVE_INTERVAL;
    try {
      Thread.sleep(interval.multipliedBy(instance).dividedBy(instances));
      for (long round = 0; !over.get(); round++) {
        if (!locked) {
          leases.get(instance).keepAlive();
        }
        if (locked || round % 2 == 0) {
          commit(
              instance,
              List.of(
                  new Change.Put(prefix + "/instances/i" + instance + "/timestamp", "" + round)));
          beats.incrementAndGet();
        }
        Thread.sleep(interval);
      }
    } catch (InterruptedException
        | MetadataException
        | IllegalStateException
        | CompletionException ended) {
      beatFailures.incrementAndGet();
    }
  }

  private TimedCalls.Calls writer(int index) {
    var count = new long[1];
    return () -> {
      long id = index * 1_000_000L + count[0]++;
      commit(
          index,
          List.of(
              new Change.Put(
                  prefix + "/data/o%016x".formatted(id),
                  """
                  {"instance_id":%d,"nbytes":64,"transient":false,"typename":"vT"}\
                  """
                      .formatted(index)),
              new Change.Put(
                  prefix + "/signatures/i%d/s%016x".formatted(index, id),
                  "\"o%016x\"".formatted(id))));
      return true;
    };
  }

  private void commit(int instance, List<Change> changes) throws InterruptedException {
    if (!locked) {
      etcd.commit(changes).toCompletableFuture().join();
      return;
    }
    Lease lease = etcd.grant(LEASE_TIME);
    Optional<KeyLock> lock = etcd.lock(prefix + "/meta_sync_lock", lease, LOCK_WAIT);
    if (lock.isEmpty()) {
      throw new IllegalStateException("instance " + instance + " did not get the lock");
    }
    try (var _ = lock.get()) {
      etcd.revision(); // to see whether there is news
      etcd.commit(changes).toCompletableFuture().join();
    }
    lease.revoke();
  }

  /// Sees what the others do, as every daemon must.
  private final class Seeing implements WatchListener {
    @Override
    public void changed(long revision, List<Change.OfKey> changes) {
      seenLast.accumulateAndGet(revision, Math::max);
    }

    @Override
    public void compacted(long oldestRevision) {}
  }

  @Override
  public void close() {
    over.set(true);
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(END_WAIT.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("some instances have not ended");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watches.forEach(Watch::close);
  }
}
