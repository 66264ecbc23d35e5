package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.posix.Processor;
import dev.vinery.protocol.IndexEntry;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.PinTable;
import dev.vinery.protocol.SharedIndex;
import dev.vinery.testkit.Eventually;
import dev.vinery.testkit.SeededTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Readers that pin blobs in shared memory beside a daemon that deletes them and uses their memory
/// again: [PinTable] says why nobody reads another's bytes.
final class SharedReadingTest {
  private static final int BLOCKS = 3;
  private static final int READERS = 2;

  /// What the reader or the daemon may leave out, to show that this is noticed.
  private enum Mistake {
    NONE,
    READER_DOES_NOT_LOOK_AGAIN,
    DAEMON_LOOKS_FOR_PINS_FIRST,
    READER_DOES_NOT_TELL
  }

  /// One daemon's memory, index and books, in steps that others' steps come between.
  private static final class World {
    private final Mistake mistake;
    private final MemorySegment indexFile =
        Arena.ofAuto().allocate(SharedIndex.fileBytes(1 << 20), 64);
    private final SharedIndex.Writer writer = new SharedIndex.Writer(indexFile);
    private final SharedIndex.Reader index = new SharedIndex.Reader(indexFile);
    private final List<PinTable> pins = new ArrayList<>();
    private final long[] memory = new long[BLOCKS];
    private final boolean[] taken = new boolean[BLOCKS];
    private final int[] readers = new int[BLOCKS];
    private final ObjectId[] live = new ObjectId[BLOCKS];
    private long lastId;
    private int deleting = -1;
    private ObjectId deleted = ObjectId.INVALID;
    private boolean claimedEarly;

    World(Mistake mistake) {
      this.mistake = mistake;
      for (int i = 0; i < READERS; i++) {
        pins.add(new PinTable(Arena.ofAuto().allocate(PinTable.FILE_BYTES, 64)));
      }
    }

    /// The daemon goes on with a deletion, or begins one, or makes a blob.
    void step(RandomGenerator random) {
      int block = random.nextInt(BLOCKS);
      if (deleting >= 0) {
        finishDeletion();
      } else if (live[block] != null) {
        beginDeletion(block);
      } else if (!taken[block]) {
        create(block);
      }
    }

    private void create(int block) {
      var id = new ObjectId(Long.MIN_VALUE | ++lastId);
      taken[block] = true;
      memory[block] = id.value();
      live[block] = id;
      writer.put(id.value(), new IndexEntry.Place(block, 1).toBytes());
    }

    private void beginDeletion(int block) {
      deleting = block;
      deleted = live[block];
      live[block] = null;
      if (mistake == Mistake.DAEMON_LOOKS_FOR_PINS_FIRST) {
        claimedEarly = claim(block);
      } else {
        writer.remove(deleted.value());
      }
    }

    private void finishDeletion() {
      int block = deleting;
      deleting = -1;
      if (mistake == Mistake.DAEMON_LOOKS_FOR_PINS_FIRST) {
        writer.remove(deleted.value());
        if (!claimedEarly) {
          free(block);
        }
      } else if (!claim(block)) {
        free(block);
      }
    }

    private boolean claim(int block) {
      for (PinTable table : pins) {
        if (table.claim(deleted)) {
          readers[block]++;
        }
      }
      return readers[block] > 0;
    }

    private void free(int block) {
      taken[block] = false;
      memory[block] = 0;
    }

    /// A reader tells that it has ended.
    void release(int block) {
      if (--readers[block] == 0) {
        free(block);
      }
    }
  }

  /// One client that reads one blob after the other.
  private static final class Reader {
    private final World world;
    private final PinTable pins;
    private ObjectId blob = ObjectId.INVALID;
    private long stamp;
    private int block;
    private int state;

    Reader(World world, int number) {
      this.world = world;
      this.pins = world.pins.get(number);
    }

    /// @return whether it saw bytes that are not the blob's
    boolean step(RandomGenerator random) {
      switch (state) {
        case 0 -> find(random);
        case 1 -> state = pins.pin(blob) ? 2 : 0;
        case 2 -> lookAgain();
        case 3, 4 -> {
          state++;
          return world.memory[block] != blob.value();
        }
        default -> end();
      }
      return false;
    }

    private void find(RandomGenerator random) {
      ObjectId wanted = world.live[random.nextInt(BLOCKS)];
      if (wanted != null) {
        blob = wanted;
        stamp = world.index.find(blob.value());
        if (stamp != SharedIndex.NONE
            && world.index.read(blob.value(), stamp).flatMap(IndexEntry::read).orElse(null)
                instanceof IndexEntry.Place(var offset, _)) {
          block = (int) offset;
          state = 1;
        }
      }
    }

    private void lookAgain() {
      boolean stands =
          world.mistake == Mistake.READER_DOES_NOT_LOOK_AGAIN
              || world.index.stands(blob.value(), stamp);
      if (stands) {
        state = 3;
      } else {
        end();
      }
    }

    private void end() {
      if (pins.unpin(blob) == PinTable.End.CLAIMED
          && world.mistake != Mistake.READER_DOES_NOT_TELL) {
        world.release(block);
      }
      state = 0;
    }

    boolean idle() {
      return state == 0;
    }
  }

  /// @return whether all went well: nobody saw another's bytes, and all memory came back
  private static boolean run(Mistake mistake, RandomGenerator random) {
    var world = new World(mistake);
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(new Reader(world, i));
    }
    for (int i = 0; i < 3_000; i++) {
      int who = random.nextInt(READERS + 1);
      if (who == READERS) {
        world.step(random);
      } else if (readers.get(who).step(random)) {
        return false;
      }
    }
    return allComesBack(world, readers, random);
  }

  private static boolean allComesBack(World world, List<Reader> readers, RandomGenerator random) {
    for (Reader reader : readers) {
      while (!reader.idle()) {
        reader.step(random);
      }
    }
    for (int block = 0; block < BLOCKS; block++) {
      if (world.deleting >= 0) {
        world.finishDeletion();
      }
      if (world.live[block] != null) {
        world.beginDeletion(block);
        world.finishDeletion();
      }
    }
    for (int block = 0; block < BLOCKS; block++) {
      if (world.taken[block]) {
        return false;
      }
    }
    return true;
  }

  @SeededTest(runs = 20)
  void whatIsFoundIsWhatWasEnteredLast(RandomGenerator random) {
    MemorySegment file = Arena.ofAuto().allocate(SharedIndex.fileBytes(1 << 20), 64);
    var writer = new SharedIndex.Writer(file);
    var reader = new SharedIndex.Reader(file);
    Map<Long, byte[]> model = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      long key = random.nextInt(2_000);
      switch (random.nextInt(4)) {
        case 0 -> {
          writer.remove(key);
          model.remove(key);
        }
        case 1 -> {
          byte[] content = new byte[random.nextInt(1_000)];
          random.nextBytes(content);
          writer.put(key, content);
          model.put(key, content);
        }
        default -> {
          long stamp = reader.find(key);
          if (stamp != SharedIndex.NONE) {
            assertThat(reader.read(key, stamp).orElseThrow()).isEqualTo(model.get(key));
          }
        }
      }
    }
  }

  @SeededTest(runs = 40)
  void inWhateverOrderTheStepsComeNobodyReadsAnothersBytes(RandomGenerator random) {
    assertThat(run(Mistake.NONE, random)).isTrue();
  }

  @Test
  void eachMistakeIsNoticed() {
    for (Mistake mistake : Mistake.values()) {
      int wrong = 0;
      for (int seed = 0; seed < 20; seed++) {
        wrong += run(mistake, new SplittableRandom(seed)) ? 0 : 1;
      }
      if (mistake == Mistake.NONE) {
        assertThat(wrong).isZero();
      } else {
        assertThat(wrong).as(mistake.name()).isPositive();
      }
    }
  }

  /// The same with threads, so that the processor and the compiler have a say in the order.
  @Test
  void threadsThatReadAndOneThatDeletesAtTheSameTime() throws Exception {
    int longs = 512;
    MemorySegment memory = Arena.ofAuto().allocate(longs * 8L * 2, 64);
    MemorySegment indexFile = Arena.ofAuto().allocate(SharedIndex.fileBytes(1 << 20), 64);
    var writer = new SharedIndex.Writer(indexFile);
    PinTable pins = new PinTable(Arena.ofAuto().allocate(PinTable.FILE_BYTES, 64));
    var current = new AtomicLong();
    var released = new AtomicLong();
    var done = new AtomicLong();
    CompletableFuture<Long> reading =
        start(() ->
            readAll(
                memory,
                longs,
                new SharedIndex.Reader(indexFile),
                pins,
                current,
                released,
                () -> done.get() != 0));
    CompletableFuture<Long> deleting =
        start(() -> {
          long cycles = 0;
          for (long number = 1; number <= 5_000; number++) {
            var id = new ObjectId(Long.MIN_VALUE | number);
            long offset = number % 2 * longs * 8;
            for (int i = 0; i < longs; i++) {
              memory.set(ValueLayout.JAVA_LONG, offset + i * 8L, number);
            }
            writer.put(id.value(), new IndexEntry.Place(offset, longs * 8L).toBytes());
            current.set(number);
            if (number > 1) {
              var old = new ObjectId(Long.MIN_VALUE | number - 1);
              writer.remove(old.value());
              if (pins.claim(old)) {
                cycles++;
                while (released.get() != number - 1) {
                  Processor.giveWay();
                }
              }
            }
          }
          return cycles;
        });

    deleting.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    done.set(1);

    assertThat(reading.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .as("blobs in which another's bytes were seen")
        .isZero();
  }

  private static long readAll(
      MemorySegment memory,
      int longs,
      SharedIndex.Reader index,
      PinTable pins,
      AtomicLong current,
      AtomicLong released,
      BooleanSupplier done) {
    long wrong = 0;
    while (!done.getAsBoolean()) {
      long number = current.get();
      var id = new ObjectId(Long.MIN_VALUE | number);
      long stamp = index.find(id.value());
      if (stamp == SharedIndex.NONE
          || !(index.read(id.value(), stamp).flatMap(IndexEntry::read).orElse(null)
              instanceof IndexEntry.Place(var offset, _))) {
        continue;
      }
      if (pins.pin(id) && index.stands(id.value(), stamp)) {
        for (int i = 0; i < longs; i++) {
          if (memory.get(ValueLayout.JAVA_LONG, offset + i * 8L) != number) {
            wrong++;
            break;
          }
        }
      }
      if (pins.unpin(id) == PinTable.End.CLAIMED) {
        released.set(number);
      }
    }
    return wrong;
  }

  private static CompletableFuture<Long> start(Supplier<Long> work) {
    var result = new CompletableFuture<Long>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            result.complete(work.get());
          } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
