package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.testkit.SeededTest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class BlockAllocatorTest {
  private static final int NONE = BlockAllocator.NONE;
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  private final BlockAllocator blocks = new BlockAllocator(MIB);

  @SeededTest(runs = 300)
  void everyOperationDoesWhatANaiveModelDoes(RandomGenerator random) {
    var model = new NaiveRegion(random.nextInt(1, 500));
    for (int i = 0; i < 300; i++) {
      model.doSomething(random);
      model.compare();
    }
    model.freeEverything();
    model.compare();
    assertThat(model.blocks.largestFreeBytes()).isEqualTo(model.capacityBytes());
    assertThat(model.blocks.fragmentation()).isZero();
  }

  @Test
  void blocksAreRoundedUpToTheGranule() {
    int block = blocks.allocate(65);

    assertThat(blocks.sizeBytes(block)).isEqualTo(128);
    assertThat(blocks.offset(block)).isZero();
    assertThat(blocks.frontier()).isEqualTo(128);
    assertThat(blocks.allocatedBytes()).isEqualTo(128);
    assertThat(blocks.blockCount()).isEqualTo(1);
  }

  @Test
  void theWholeRegionCanBeOneBlockButNotMore() {
    assertThat(blocks.allocate(MIB + 1)).isEqualTo(NONE);
    assertThat(blocks.allocate(Long.MAX_VALUE)).isEqualTo(NONE);

    int all = blocks.allocate(MIB);

    assertThat(blocks.sizeBytes(all)).isEqualTo(MIB);
    assertThat(blocks.allocate(1)).isEqualTo(NONE);
    assertThat(blocks.largestFreeBytes()).isZero();
    assertThat(blocks.fragmentation()).isZero();
  }

  @Test
  void whatWasFreedLastIsHandedOutFirst() {
    int[] held = allocateInARow(6, 4096);
    blocks.free(held[0]);
    blocks.free(held[4]);
    blocks.free(held[2]);

    assertThat(blocks.offset(blocks.allocate(4096))).isEqualTo(2 * 4096);
    assertThat(blocks.offset(blocks.allocate(4096))).isEqualTo(4 * 4096);
    assertThat(blocks.offset(blocks.allocate(4096))).isZero();
  }

  @Test
  void aSizeBetweenTwoClassesFindsTheBlockJustFreed() {
    long odd = 1_000_001;
    var region = new BlockAllocator(16 * MIB);
    int first = region.allocate(odd);
    region.allocate(64);
    region.free(first);

    assertThat(region.offset(region.allocate(odd))).isZero();
  }

  @Test
  void untouchedMemoryIsUsedLast() {
    int first = blocks.allocate(64 * KIB);
    blocks.allocate(64);
    blocks.free(first);

    for (int i = 0; i < 64; i++) {
      blocks.allocate(KIB);
    }
    assertThat(blocks.frontier()).isEqualTo(64 * KIB + 64);

    blocks.allocate(KIB);
    assertThat(blocks.frontier()).isEqualTo(65 * KIB + 64);
  }

  @Test
  void aFreeLastBlockGrowsIntoUntouchedMemory() {
    blocks.allocate(64);
    blocks.free(blocks.allocate(MIB / 2));

    int large = blocks.allocate(MIB - 64);

    assertThat(blocks.offset(large)).isEqualTo(64);
    assertThat(blocks.frontier()).isEqualTo(MIB);
    blocks.checkInvariants();
  }

  @Test
  void theLastBlockIsFoundBehindManyThatAreTooSmall() {
    var region = new BlockAllocator(20 * MIB);
    List<Integer> freed = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      freed.add(region.allocate(MIB));
      region.allocate(64);
    }
    int last = region.allocate(MIB + 128); // of the same class
    long offset = region.offset(last);
    long frontier = region.frontier();
    region.free(last);
    freed.forEach(region::free);

    assertThat(region.offset(region.allocate(MIB + 64))).isEqualTo(offset);
    assertThat(region.frontier()).isEqualTo(frontier);
    region.checkInvariants();
  }

  @Test
  void whatIsSearchedAtLengthIsFoundBeforeARequestIsRefused() {
    long classWidth = MIB / 2 / 32;
    var region = new BlockAllocator(20 * MIB);
    List<Integer> freed = new ArrayList<>();
    freed.add(region.allocate(MIB + classWidth));
    region.allocate(64);
    while (region.largestFreeBytes() > MIB + 64) { // of the same class, but too small
      freed.add(region.allocate(MIB));
      region.allocate(64);
    }
    region.allocate(region.largestFreeBytes());
    freed.forEach(region::free);

    assertThat(freed).hasSizeGreaterThan(9);
    assertThat(region.offset(region.allocate(MIB + classWidth))).isZero();
    assertThat(region.allocate(MIB + 64)).isEqualTo(NONE);
  }

  @Test
  void shrinkingGivesTheTailBack() {
    int block = blocks.allocate(MIB);

    blocks.shrink(block, 1000);

    assertThat(blocks.sizeBytes(block)).isEqualTo(1024);
    assertThat(blocks.allocatedBytes()).isEqualTo(1024);
    assertThat(blocks.freeDirtyBytes()).isEqualTo(MIB - 1024);
    assertThat(blocks.offset(blocks.allocate(MIB - 1024))).isEqualTo(1024);
    assertThatThrownBy(() -> blocks.shrink(block, 1025))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a block of 1024 bytes cannot shrink to 1025 bytes");
    assertThatThrownBy(() -> blocks.shrink(block, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsNotHandedOutCannotBeFreed() {
    int block = blocks.allocate(100);
    blocks.free(block);

    assertThatThrownBy(() -> blocks.free(block))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("block " + block + " is not handed out");
    assertThatThrownBy(() -> blocks.free(NONE)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> blocks.free(77)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> blocks.giveBack(block)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> blocks.allocate(0)).isInstanceOf(IllegalArgumentException.class);
    blocks.checkInvariants();
  }

  @Test
  void aClaimedBlockBelongsToNobodyUntilItIsGivenBack() {
    blocks.free(blocks.allocate(MIB));

    int claimed = blocks.claimDirty(4096);

    assertThat(blocks.sizeBytes(claimed)).isEqualTo(MIB);
    assertThat(blocks.withheldBytes()).isEqualTo(MIB);
    assertThat(blocks.freeDirtyBytes()).isZero();
    assertThat(blocks.allocate(1)).isEqualTo(NONE);
    assertThatThrownBy(() -> blocks.free(claimed)).isInstanceOf(IllegalArgumentException.class);

    blocks.giveBack(claimed);

    assertThat(blocks.freeDirtyBytes()).isZero();
    assertThat(blocks.claimDirty(64)).isEqualTo(NONE);
    assertThat(blocks.offset(blocks.allocate(1))).isZero();
  }

  @Test
  void theLargestDirtyBlockIsClaimedFirst() {
    int[] held = {blocks.allocate(4096), blocks.allocate(64), blocks.allocate(64 * KIB)};
    blocks.allocate(64);
    blocks.free(held[0]);
    blocks.free(held[2]);

    assertThat(blocks.hasDirty(128 * KIB)).isFalse();
    assertThat(blocks.claimDirty(128 * KIB)).isEqualTo(NONE);
    assertThat(blocks.hasDirty(4096)).isTrue();
    assertThat(blocks.sizeBytes(blocks.claimDirty(4096))).isEqualTo(64 * KIB);
    assertThat(blocks.sizeBytes(blocks.claimDirty(4096))).isEqualTo(4096);
    assertThat(blocks.claimDirty(64)).isEqualTo(NONE);
  }

  @Test
  void dirtyMemoryIsHandedOutBeforeCleanMemory() {
    int[] held = allocateInARow(4, 4096);
    blocks.free(held[0]);
    blocks.giveBack(blocks.claimDirty(4096));
    blocks.free(held[2]);

    assertThat(blocks.offset(blocks.allocate(64))).isEqualTo(2 * 4096);
  }

  @Test
  void useOfTheFrontOfCleanMemoryDoesNotMakeAllOfItDirty() {
    cleanHole();

    for (int i = 0; i < 1000; i++) {
      int block = blocks.allocate(100);
      assertThat(blocks.freeDirtyBytes()).isZero();
      blocks.free(block);
      assertThat(blocks.freeDirtyBytes()).isEqualTo(128);
    }
  }

  @Test
  void freeingTheNeighboursOfCleanMemoryDoesNotMakeAllOfItDirty() {
    int[] neighbours = cleanHole();

    blocks.free(neighbours[1]);
    assertThat(blocks.freeDirtyBytes()).isEqualTo(192);
    blocks.free(neighbours[0]);
    assertThat(blocks.freeDirtyBytes()).isEqualTo(64 + 192);

    int front = blocks.allocate(128);
    assertThat(blocks.freeDirtyBytes()).isEqualTo(192);
    blocks.free(front);
    assertThat(blocks.freeDirtyBytes()).isEqualTo(128 + 192);
  }

  /// Makes half a region of clean memory, and returns its neighbours, of 64 and of 192 bytes.
  private int[] cleanHole() {
    int before = blocks.allocate(64);
    int hole = blocks.allocate(MIB / 2);
    int behind = blocks.allocate(192);
    blocks.allocate(64);
    blocks.free(hole);
    blocks.giveBack(blocks.claimDirty(64));
    return new int[] {before, behind};
  }

  @Test
  void dirtIsCountedInRegionsOfAnyLength() {
    long capacity = 1L << 45;
    var region = new BlockAllocator(capacity);
    int small = region.allocate(64);
    int large = region.allocate(capacity - 128);
    region.allocate(64);
    assertThat(region.largestFreeBytes()).isZero();

    region.free(large);
    assertThat(region.freeDirtyBytes()).isEqualTo(capacity - 128);
    region.giveBack(region.claimDirty(1L << 44));
    assertThat(region.freeDirtyBytes()).isZero();
    region.free(small);
    assertThat(region.freeDirtyBytes()).isBetween(64L, 1L << 14); // the unit is 16 KiB here
    region.checkInvariants();
  }

  @Test
  void churnAtFourFifthsOfTheRegionWastesLittle() {
    for (long seed = 1; seed <= 3; seed++) {
      double waste = new Churn(seed, 5L << 30).wasteAfter(100_000);
      assertThat(waste).as("waste with seed %d", seed).isLessThan(0.15);
    }
  }

  @Test
  void aMillionBlocksCostAtMostFortyBytesEach() {
    int count = 1_000_000;
    var region = new BlockAllocator(64L * count);
    for (int i = 0; i < count; i++) {
      assertThat(region.allocate(1)).isNotEqualTo(NONE);
    }

    assertThat(region.blockCount()).isEqualTo(count);
    assertThat(region.footprintBytes() / (double) count).isBetween(32.0, 40.0);
  }

  @Test
  void recordsOfBlocksThatWereJoinedAreUsedAgain() {
    long before = 0;
    for (int round = 0; round < 10; round++) {
      int[] held = allocateInARow(10_000, 64);
      for (int block : held) {
        blocks.free(block);
      }
      if (round == 0) {
        before = blocks.footprintBytes();
      }
    }

    assertThat(blocks.footprintBytes()).isEqualTo(before);
    blocks.checkInvariants();
  }

  private int[] allocateInARow(int count, long sizeBytes) {
    var held = new int[count];
    for (int i = 0; i < count; i++) {
      held[i] = blocks.allocate(sizeBytes);
    }
    return held;
  }

  /// Random sizes, evenly spread over their logarithms, with four fifths of a region in use.
  private static final class Churn {
    private static final double FULL = 0.8;

    private final RandomGenerator random;
    private final long wantedBytes;
    private final BlockAllocator blocks;
    private final List<Integer> held = new ArrayList<>();

    Churn(long seed, long capacityBytes) {
      random = new SplittableRandom(seed);
      wantedBytes = (long) (capacityBytes * FULL);
      blocks = new BlockAllocator(capacityBytes);
    }

    /// The part of the memory below the frontier that is not handed out.
    double wasteAfter(int replacements) {
      fill();
      for (int i = 0; i < replacements; i++) {
        blocks.free(NaiveRegion.takeAny(held, random));
        fill();
      }
      blocks.checkInvariants();
      return 1 - (double) blocks.allocatedBytes() / blocks.frontier();
    }

    private void fill() {
      while (blocks.allocatedBytes() < wantedBytes) {
        int block =
            blocks.allocate((long) Math.exp(random.nextDouble(Math.log(64), Math.log(MIB))));
        assertThat(block).as("room for what is wanted").isNotEqualTo(NONE);
        held.add(block);
      }
    }
  }
}
