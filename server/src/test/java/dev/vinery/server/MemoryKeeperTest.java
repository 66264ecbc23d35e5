package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.posix.PosixException;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/// Pages that are made present, and given back, in the background.
class MemoryKeeperTest {
  private static final long LIMIT_BYTES = 64 << 20;
  private static final long LARGE_BYTES = 24 << 20;

  private final ReentrantLock lock = new ReentrantLock();

  private static long resident(MemoryPool pool) {
    try {
      return pool.residentBytes();
    } catch (PosixException e) {
      throw new AssertionError("the pool's file is open", e);
    }
  }

  private void allocateAndLook(MemoryPool pool, MemoryKeeper keeper, long sizeBytes) {
    lock.lock();
    try {
      pool.allocate(sizeBytes);
      keeper.look();
    } finally {
      lock.unlock();
    }
  }

  @Test
  void memoryNobodyAskedForIsNotTaken() throws Exception {
    try (var pool = new MemoryPool(lock, LIMIT_BYTES, true);
        var keeper = new MemoryKeeper(lock, pool, false)) {
      keeper.start();

      assertThat(resident(pool)).isZero();
    }
  }

  @Test
  void pagesAheadArePresentOnceAnythingIsAllocated() throws Exception {
    try (var pool = new MemoryPool(lock, LIMIT_BYTES, true);
        var keeper = new MemoryKeeper(lock, pool, false)) {
      keeper.start();
      allocateAndLook(pool, keeper, 4096);

      eventually(() ->
          assertThat(resident(pool))
              .isBetween(MemoryKeeper.AHEAD_BYTES, MemoryKeeper.AHEAD_BYTES + 4096));
    }
  }

  @Test
  void reservedMemoryIsPresentBeforeAnybodyAsks() throws Exception {
    try (var pool = new MemoryPool(lock, LIMIT_BYTES, true);
        var keeper = new MemoryKeeper(lock, pool, true)) {
      keeper.start();

      eventually(() -> assertThat(resident(pool)).isEqualTo(LIMIT_BYTES));
    }
  }

  @Test
  void freedMemoryAboveTheWatermarkIsGivenBack() throws Exception {
    try (var pool = new MemoryPool(lock, LIMIT_BYTES, true);
        var keeper = new MemoryKeeper(lock, pool, true)) {
      keeper.start();
      eventually(() -> assertThat(resident(pool)).isEqualTo(LIMIT_BYTES));

      lock.lock();
      try {
        pool.free(pool.allocate(LIMIT_BYTES), LIMIT_BYTES);
        keeper.look();
      } finally {
        lock.unlock();
      }

      eventually(() -> assertThat(resident(pool)).isLessThanOrEqualTo(LIMIT_BYTES / 4));
    }
  }

  @Test
  void hugePagesAreMadeForALargeBlobWhileNobodyHasWrittenYet() throws Exception {
    try (var pool = new MemoryPool(lock, LIMIT_BYTES, true);
        var keeper = new MemoryKeeper(lock, pool, false)) {
      keeper.start();

      allocateAndLook(pool, keeper, LARGE_BYTES);

      long ahead = MemoryKeeper.AHEAD_BYTES;
      long expected =
          pool.hugePages() ? ahead + LARGE_BYTES : ahead; // the kernel has none: as ever
      eventually(() -> assertThat(resident(pool)).isEqualTo(expected));
    }
  }

  @Test
  void smallPagesAreLeftToTheWriterIfHugeOnesAreNotWanted() throws Exception {
    try (var pool = new MemoryPool(lock, LIMIT_BYTES, false);
        var keeper = new MemoryKeeper(lock, pool, false)) {
      keeper.start();

      allocateAndLook(pool, keeper, LARGE_BYTES);

      eventually(() -> assertThat(resident(pool)).isEqualTo(MemoryKeeper.AHEAD_BYTES));
      assertThat(pool.hugePages()).isFalse();
    }
  }

  @Test
  void noPagesComeToABlobThatWasFreedAndTrimmedMeanwhile() throws Exception {
    try (var pool = new MemoryPool(lock, LIMIT_BYTES, true);
        var keeper = new MemoryKeeper(lock, pool, false)) {
      keeper.start();
      for (int i = 0; i < 100; i++) {
        int block;
        lock.lock();
        try {
          block = pool.allocate(LARGE_BYTES);
          keeper.look();
        } finally {
          lock.unlock();
        }
        if (pool.hugePages() && i % 2 == 0) {
          eventually(() -> assertThat(resident(pool)).isGreaterThan(MemoryKeeper.AHEAD_BYTES));
        }
        lock.lock();
        try {
          pool.free(block, LARGE_BYTES);
        } finally {
          lock.unlock();
        }
        pool.trim(0);

        // What is left behind now stays, until the next blob that lies there is trimmed.
        eventually(() -> assertThat(pool.canPrepare()).isFalse());
        eventually(() -> assertThat(resident(pool)).isEqualTo(MemoryKeeper.AHEAD_BYTES));
      }
    }
  }
}
