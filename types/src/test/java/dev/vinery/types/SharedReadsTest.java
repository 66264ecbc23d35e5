package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.testkit.Eventually;
import dev.vinery.testkit.SeededTest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Clients that read objects while another one deletes them and puts others in their place, through
/// the index of a daemon.
final class SharedReadsTest {
  private static final int OBJECTS = 20;
  private static final int LONGS = 500;
  private static final int STEPS = 150;
  private static final int READERS = 2;

  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon();

  private final Map<ObjectId, Long> numbers = new ConcurrentHashMap<>();

  /// What one reader has seen.
  private record Seen(long objects, long strange) {}

  @SeededTest(runs = 3)
  void nobodySeesTheBytesOfAnotherObject(RandomGenerator random) throws Exception {
    var ids = new AtomicReferenceArray<ObjectId>(OBJECTS);
    var over = new AtomicBoolean();
    try (Client writer = DAEMON.connect()) {
      long before = writer.status().memoryUsageBytes();
      for (int i = 0; i < OBJECTS; i++) {
        ids.set(i, put(writer, i));
      }
      List<CompletableFuture<Seen>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        long seed = random.nextLong();
        readers.add(start(ids, over, seed));
      }
      for (int i = 0; i < STEPS; i++) {
        int place = random.nextInt(OBJECTS);
        ObjectId old = ids.get(place);
        ids.set(place, put(writer, OBJECTS + i));
        writer.delete(List.of(old));
      }
      over.set(true);
      for (CompletableFuture<Seen> reader : readers) {
        Seen seen = reader.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(seen.objects()).isPositive();
        assertThat(seen.strange()).isZero();
      }
      for (int i = 0; i < OBJECTS; i++) {
        writer.delete(List.of(ids.get(i)));
      }
      Eventually.eventually(() -> assertThat(writer.status().memoryUsageBytes()).isEqualTo(before));
    }
  }

  private ObjectId put(Client writer, long number) {
    long[] values = new long[LONGS];
    Arrays.fill(values, number);
    ObjectId id = writer.put(Tensor.of(values));
    numbers.put(id, number);
    return id;
  }

  private CompletableFuture<Seen> start(
      AtomicReferenceArray<ObjectId> ids, AtomicBoolean over, long seed) {
    var result = new CompletableFuture<Seen>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (Client reader = DAEMON.connect()) {
            result.complete(readAll(reader, ids, over, new SplittableRandom(seed)));
          } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private Seen readAll(
      Client reader,
      AtomicReferenceArray<ObjectId> ids,
      AtomicBoolean over,
      RandomGenerator random) {
    long objects = 0;
    long strange = 0;
    do {
      ObjectId id = ids.get(random.nextInt(OBJECTS));
      try (var object = reader.getObject(id)) {
        MemorySegment bytes = object.member("buffer_").segment();
        objects++;
        long expected = numbers.getOrDefault(id, -1L);
        for (int pass = 0; pass < 3; pass++) {
          for (int i = 0; i < LONGS; i++) {
            if (bytes.get(ValueLayout.JAVA_LONG, i * 8L) != expected) {
              strange++;
            }
          }
        }
      } catch (ObjectNotFoundException deletedMeanwhile) {
        // As it may be.
      }
    } while (!over.get() || objects == 0);
    return new Seen(objects, strange);
  }
}
