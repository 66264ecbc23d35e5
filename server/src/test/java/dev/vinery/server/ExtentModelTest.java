package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.posix.PosixException;
import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.testkit.SeededTest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Writers that make blobs of extents beside a daemon that deletes blobs and gives their memory to
/// others, in steps that come in any order.
final class ExtentModelTest {
  private static final int WRITERS = 3;
  private static final long LIMIT_BYTES = 64 << 10;
  private static final long EXTENT_BYTES = 512;
  private static final int GRANULE_BYTES = (int) BlockAllocator.GRANULE_BYTES;

  /// What one of the sides may do wrong, to show that this is noticed.
  private enum Mistake {
    NONE,
    /// Two threads of a client write into the same extent.
    WRITERS_SHARE,
    /// A client lets the daemon learn that it has left while one of its threads still writes.
    CLIENT_LEAVES_WHILE_WRITING,
    /// The daemon takes it that blobs are at its front. A client sends the next put before it knows
    /// that the one before was refused.
    DAEMON_DOES_NOT_LOOK_WHERE,
    /// The daemon makes blobs before it looks at the trees.
    DAEMON_CUTS_BEFORE_IT_REFUSES,
    /// The daemon forgets what is left of extents when a connection ends.
    DAEMON_FORGETS_THE_REST
  }

  /// A blob as everybody sees it.
  private record Stored(int block, long offset, long sizeBytes, int mark) {}

  /// The pool, with what was written last into each granule of it.
  private static final class World implements AutoCloseable {
    private final Mistake mistake;
    private final MemoryPool pool;
    private final int[] memory;
    private final List<Stored> blobs = new ArrayList<>();
    private int lastMark;

    World(Mistake mistake) throws PosixException {
      this.mistake = mistake;
      this.pool = new MemoryPool(new ReentrantLock(), LIMIT_BYTES, false);
      this.memory = new int[(int) (pool.region().sizeBytes() / GRANULE_BYTES)];
    }

    void write(long offset, long sizeBytes, int mark) {
      for (long at = offset; at < offset + sizeBytes; at += GRANULE_BYTES) {
        memory[(int) (at / GRANULE_BYTES)] = mark;
      }
    }

    /// The daemon deletes a blob, or makes one for a client that asks for each.
    void step(RandomGenerator random) {
      if (random.nextBoolean() && !blobs.isEmpty()) {
        Stored blob = blobs.remove(random.nextInt(blobs.size()));
        pool.free(blob.block(), blob.sizeBytes());
      } else if (pool.freeBytes() > 8 * EXTENT_BYTES) {
        long sizeBytes = 1 + random.nextLong(EXTENT_BYTES);
        int block = pool.allocate(sizeBytes);
        write(pool.offset(block), sizeBytes, ++lastMark);
        blobs.add(new Stored(block, pool.offset(block), sizeBytes, lastMark));
      }
    }

    /// The daemon handles a put of one blob.
    ///
    /// @return whether it is done
    boolean put(Extent extent, long offset, long sizeBytes, int mark, boolean goodTree) {
      try {
        extent.check(
            mistake == Mistake.DAEMON_DOES_NOT_LOOK_WHERE ? extent.frontBytes() : offset,
            List.of(sizeBytes));
      } catch (ProtocolException refused) {
        return false;
      }
      if (mistake == Mistake.DAEMON_CUTS_BEFORE_IT_REFUSES && !goodTree) {
        extent.cut(sizeBytes);
      }
      if (goodTree) {
        int block = extent.cut(sizeBytes);
        blobs.add(new Stored(block, pool.offset(block), sizeBytes, mark));
      }
      return goodTree;
    }

    boolean whole() {
      for (Stored blob : blobs) {
        for (long at = blob.offset; at < blob.offset + blob.sizeBytes; at += GRANULE_BYTES) {
          if (memory[(int) (at / GRANULE_BYTES)] != blob.mark) {
            return false;
          }
        }
      }
      return true;
    }

    @Override
    public void close() {
      pool.close();
    }
  }

  /// One client with one thread that writes, or two that should not share an extent.
  private static final class Writer {
    private final World world;
    private @Nullable Extent extent;
    private boolean left;
    private long front;
    private final long[] offsets = new long[2];
    private final long[] sizes = new long[2];
    private final int[] marks = new int[2];
    private final int[] states = new int[2];

    Writer(World world) {
      this.world = world;
    }

    void step(RandomGenerator random) {
      int thread = world.mistake == Mistake.WRITERS_SHARE ? random.nextInt(2) : 0;
      switch (states[thread]) {
        case 0 -> begin(thread, random);
        case 1 -> {
          world.write(offsets[thread], (sizes[thread] + 1) / 2, marks[thread]);
          states[thread] = 2;
        }
        case 2 -> {
          world.write(offsets[thread], sizes[thread], marks[thread]);
          states[thread] = 3;
        }
        default -> put(thread, random);
      }
      if (random.nextInt(50) == 0) {
        leave();
      }
    }

    private void begin(int thread, RandomGenerator random) {
      if (left) {
        left = false; // another client comes
      }
      Extent open = extent;
      if (open == null || EXTENT_BYTES - front < GRANULE_BYTES) {
        giveUp();
        if (world.pool.freeBytes() < 8 * EXTENT_BYTES) {
          return;
        }
        open = Extent.lease(world.pool, EXTENT_BYTES);
        extent = open;
      }
      offsets[thread] = open.offset() + front;
      sizes[thread] = 1 + random.nextLong(EXTENT_BYTES - front);
      marks[thread] = ++world.lastMark;
      states[thread] = 1;
    }

    private void put(int thread, RandomGenerator random) {
      states[thread] = 0;
      Extent open = extent;
      if (left || open == null) {
        return;
      }
      boolean goodTree = random.nextInt(4) > 0;
      long offset = offsets[thread] - open.offset();
      boolean done = world.put(open, offset, sizes[thread], marks[thread], goodTree);
      boolean sentAhead = world.mistake == Mistake.DAEMON_DOES_NOT_LOOK_WHERE;
      if (done || sentAhead) {
        front = offset + ExtentRequest.taken(sizes[thread]);
      } else {
        giveUp();
      }
    }

    private void giveUp() {
      Extent open = extent;
      if (open != null && world.mistake != Mistake.DAEMON_FORGETS_THE_REST) {
        open.end();
      }
      extent = null;
      front = 0;
    }

    /// The connection ends; its thread may be writing.
    private void leave() {
      boolean writing = states[0] == 1 || states[0] == 2;
      if (!writing || world.mistake == Mistake.CLIENT_LEAVES_WHILE_WRITING) {
        left = true;
        giveUp();
      }
    }

    void end() {
      states[0] = 0;
      states[1] = 0;
      leave();
    }
  }

  /// @return whether all went well: every blob had its own bytes, and all memory came back
  private static boolean run(Mistake mistake, RandomGenerator random) throws PosixException {
    try (var world = new World(mistake)) {
      List<Writer> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        writers.add(new Writer(world));
      }
      for (int i = 0; i < 2_000; i++) {
        int who = random.nextInt(WRITERS + 1);
        if (who == WRITERS) {
          world.step(random);
        } else {
          writers.get(who).step(random);
        }
        if (!world.whole()) {
          return false;
        }
      }
      writers.forEach(Writer::end);
      world.blobs.forEach(blob -> world.pool.free(blob.block(), blob.sizeBytes()));
      return world.pool.freeBytes() == LIMIT_BYTES;
    }
  }

  @SeededTest(runs = 20)
  void inWhateverOrderTheStepsComeEachBlobHasItsBytesAndAllMemoryComesBack(RandomGenerator random)
      throws PosixException {
    assertThat(run(Mistake.NONE, random)).isTrue();
  }

  @Test
  void eachMistakeIsNoticed() throws PosixException {
    for (Mistake mistake : Mistake.values()) {
      int wrong = 0;
      for (int seed = 0; seed < 10; seed++) {
        wrong += run(mistake, new SplittableRandom(seed)) ? 0 : 1;
      }
      if (mistake == Mistake.NONE) {
        assertThat(wrong).isZero();
      } else {
        assertThat(wrong).as(mistake.name()).isPositive();
      }
    }
  }
}
