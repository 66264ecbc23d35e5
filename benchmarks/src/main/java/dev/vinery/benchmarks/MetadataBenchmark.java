package dev.vinery.benchmarks;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.EmbeddedMetadataStore;
import dev.vinery.metadata.MetadataStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What the embedded metadata store costs, with few keys and with many.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MetadataBenchmark {
  private static final String VALUE = "\"o687ef628fec00a2b\"";
  private static final long SEED = 1;

  /// How many keys are bound.
  @Param({"100", "100000"})
  public int keys;

  private final MetadataStore store = new EmbeddedMetadataStore(InstantSource.system());
  private final RandomNumbers random = new RandomNumbers(SEED);

  @Setup(Level.Trial)
  public void bind() {
    for (int i = 0; i < keys; i++) {
      commit(key(i));
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    store.close();
  }

  @Benchmark
  public Optional<MetadataStore.Entry> get() {
    return store.get(key(Math.floorMod(random.next(), keys)));
  }

  @Benchmark
  public CompletionStage<Long> rebind() {
    return commit(key(Math.floorMod(random.next(), keys)));
  }

  private CompletionStage<Long> commit(String key) {
    return store.commit(List.of(new Change.Put(key, VALUE)));
  }

  private static String key(int index) {
    return "names/name-" + index;
  }
}
