package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// A [BlockAllocator] beside a model that notes for each granule who holds it.
final class NaiveRegion {
  private static final long GRANULE = BlockAllocator.GRANULE_BYTES;
  private static final int FREE = -1;

  final BlockAllocator blocks;

  private final int[] holder; // of each granule: the block, or FREE
  private final boolean[] touched; // of each granule: whether it was held since it was last claimed
  private final List<Integer> held = new ArrayList<>();
  private final List<Integer> withheld = new ArrayList<>();
  private long frontier;

  NaiveRegion(int granules) {
    holder = new int[granules];
    touched = new boolean[granules];
    Arrays.fill(holder, FREE);
    blocks = new BlockAllocator(capacityBytes());
  }

  long capacityBytes() {
    return holder.length * GRANULE;
  }

  void doSomething(RandomGenerator random) {
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> allocate(sizeBelow(random, random.nextInt(8) == 0 ? holder.length : 20));
      case 4, 5, 6 -> {
        if (!held.isEmpty()) {
          free(takeAny(held, random));
        }
      }
      case 7 -> {
        if (!held.isEmpty()) {
          shrink(held.get(random.nextInt(held.size())), random);
        }
      }
      case 8 -> claim(sizeBelow(random, 20));
      default -> {
        if (!withheld.isEmpty()) {
          giveBack(takeAny(withheld, random));
        }
      }
    }
  }

  /// Removes any element of a list; the last one takes its place.
  static int takeAny(List<Integer> list, RandomGenerator random) {
    int index = random.nextInt(list.size());
    int last = list.removeLast();
    return index == list.size() ? last : list.set(index, last);
  }

  private static long sizeBelow(RandomGenerator random, int granules) {
    return random.nextLong(1, granules * GRANULE + 1);
  }

  private void allocate(long sizeBytes) {
    int block = blocks.allocate(sizeBytes);
    if (block == BlockAllocator.NONE) {
      assertThat(longestFreeBytes()).isLessThan(sizeBytes);
      return;
    }
    assertThat(blocks.sizeBytes(block)).isBetween(sizeBytes, sizeBytes + GRANULE - 1);
    assertThat(blocks.offset(block) % GRANULE).isZero();
    for (int i = from(block); i < to(block); i++) {
      assertThat(holder[i]).as("holder of granule %d", i).isEqualTo(FREE);
      holder[i] = block;
      touched[i] = true;
    }
    frontier = Math.max(frontier, to(block) * GRANULE);
    held.add(block);
  }

  private void free(int block) {
    setHolder(from(block), to(block), FREE);
    blocks.free(block);
  }

  private void shrink(int block, RandomGenerator random) {
    int end = to(block);
    blocks.shrink(block, random.nextLong(1, blocks.sizeBytes(block) + 1));
    setHolder(to(block), end, FREE);
  }

  private void claim(long minBytes) {
    boolean found = blocks.hasDirty(minBytes);
    int block = blocks.claimDirty(minBytes);
    assertThat(block != BlockAllocator.NONE).isEqualTo(found);
    if (block == BlockAllocator.NONE) {
      assertThat(longestRunWithTouched()).isLessThan(minBytes);
      return;
    }
    assertThat(blocks.sizeBytes(block)).isGreaterThanOrEqualTo(minBytes);
    for (int i = from(block); i < to(block); i++) {
      assertThat(holder[i]).as("holder of granule %d", i).isEqualTo(FREE);
      touched[i] = false;
    }
    setHolder(from(block), to(block), block);
    withheld.add(block);
  }

  private void giveBack(int block) {
    setHolder(from(block), to(block), FREE);
    blocks.giveBack(block);
  }

  void freeEverything() {
    held.forEach(this::free);
    withheld.forEach(this::giveBack);
    held.clear();
    withheld.clear();
  }

  void compare() {
    blocks.checkInvariants();
    assertThat(blocks.blockCount()).isEqualTo(held.size());
    assertThat(blocks.allocatedBytes()).isEqualTo(sizes(held));
    assertThat(blocks.withheldBytes()).isEqualTo(sizes(withheld));
    assertThat(blocks.frontier()).isEqualTo(frontier);
    assertThat(blocks.largestFreeBytes()).isEqualTo(longestFreeBytes());
    long freeBytes = frontier - sizes(held) - sizes(withheld);
    assertThat(blocks.freeDirtyBytes()).isBetween(touchedFreeBytes(), freeBytes);
  }

  private long sizes(List<Integer> list) {
    return list.stream().mapToLong(blocks::sizeBytes).sum();
  }

  private long touchedFreeBytes() {
    long bytes = 0;
    for (int i = 0; i < holder.length; i++) {
      bytes += holder[i] == FREE && touched[i] ? GRANULE : 0;
    }
    return bytes;
  }

  private long longestFreeBytes() {
    return longestRun(holder.length, false);
  }

  private long longestRunWithTouched() {
    return longestRun((int) (frontier / GRANULE), true);
  }

  /// The longest run of free granules before `end`; if `dirty`, of those with one that was touched.
  private long longestRun(int end, boolean dirty) {
    int longest = 0;
    int start = 0;
    boolean counts = !dirty;
    for (int i = 0; i < end; i++) {
      if (holder[i] != FREE) {
        start = i + 1;
        counts = !dirty;
      } else {
        counts |= touched[i];
        longest = counts ? Math.max(longest, i + 1 - start) : longest;
      }
    }
    return longest * GRANULE;
  }

  private int from(int block) {
    return (int) (blocks.offset(block) / GRANULE);
  }

  private int to(int block) {
    return (int) ((blocks.offset(block) + blocks.sizeBytes(block)) / GRANULE);
  }

  private void setHolder(int from, int to, int block) {
    Arrays.fill(holder, from, to, block);
  }
}
