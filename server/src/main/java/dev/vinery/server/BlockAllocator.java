package dev.vinery.server;

import static dev.vinery.server.BlockRecords.FREE;
import static dev.vinery.server.BlockRecords.HELD;
import static dev.vinery.server.BlockRecords.WITHHELD;

import java.util.List;

/// Hands out blocks of one region. Knows offsets only and never touches the memory itself.
///
/// **Idea.** Two-level segregated fit [1]: free blocks are kept in lists by classes of size that
/// are 3 % wide, and two levels of bits find the lowest class that is large enough, so nothing is
/// ever searched at length. A block that is freed joins its free neighbours at once. What is freed
/// last is handed out first, because its pages are present and perhaps still in a cache. Where all
/// this finds nothing, the region is used further: behind the *frontier*, the end of the highest
/// byte ever handed out, lies memory that was never touched and takes no pages.
///
/// TLSF proper looks only into classes all of whose blocks are large enough. Here the first few
/// blocks of the class of the wanted size itself are tried before, or a block just freed would not
/// be found by a request of the same size; and all of that class before a request is refused.
///
/// **Dirt.** Free memory *may hold pages* (is dirty) if it was handed out since it was last
/// claimed; a free block knows how much dirt it has at its front and at its back. Between two such
/// parts that meet in a joined block, clean memory is counted as dirty on the side where there is
/// less of it. So [#freeDirtyBytes()] is an upper bound, close unless dirt lies amid clean memory.
/// Blocks with dirt are handed out before clean ones. [#claimDirty] withholds a block so that its
/// pages can be given back to the system without the store lock; it belongs to nobody until
/// [#giveBack].
///
/// **Invariants.** Blocks cover the region from 0 to the frontier without a gap, and begin and end
/// at multiples of 64 bytes. No two free blocks are neighbours. Each free block is in exactly one
/// list. [#checkInvariants()] checks them.
///
/// **Cost.** Allocating and freeing take constant time; a record takes 32 bytes, outside the
/// region. Blocks are as long as asked for, rounded up to 64 bytes.
///
/// [1] M. Masmano, I. Ripoll, A. Crespo, J. Real: TLSF: a new dynamic memory allocator for
/// real-time systems. ECRTS 2004.
///
/// Guarded by the store lock.
final class BlockAllocator {
  /// In place of a block: there is none.
  static final int NONE = BlockRecords.NONE;

  /// What offsets and sizes of blocks are multiples of, in bytes.
  static final long GRANULE_BYTES = 64;

  /// How many blocks of the wanted size's own class are tried while there is other room.
  private static final int TRIES = 8;

  private final long capacityBytes;
  private final BlockRecords records;
  private final FreeLists dirty;
  private final FreeLists clean;

  private long allocatedBytes;
  private long withheldBytes;
  private long freeDirtyBytes;
  private int blockCount;

  /// @param capacityBytes length of the region, of which a rest below 64 bytes is not used
  BlockAllocator(long capacityBytes) {
    if (capacityBytes < GRANULE_BYTES) {
      throw new IllegalArgumentException(
          "a region needs at least " + GRANULE_BYTES + " bytes: " + capacityBytes);
    }
    this.capacityBytes = capacityBytes & -GRANULE_BYTES;
    this.records = new BlockRecords(capacityBytes);
    this.dirty = new FreeLists(records);
    this.clean = new FreeLists(records);
  }

  /// Hands out a block.
  ///
  /// @param sizeBytes at least 1
  /// @return its handle, which the caller gives to [#free] once, or [#NONE] if no free piece of the
  ///   region is large enough, those that are withheld not counted
  int allocate(long sizeBytes) {
    if (sizeBytes < 1) {
      throw new IllegalArgumentException("a block has at least 1 byte: " + sizeBytes);
    }
    if (sizeBytes > capacityBytes) {
      return NONE;
    }
    long size = roundUp(sizeBytes);
    int block = findFree(size, TRIES);
    if (block == NONE) {
      block = findAtFrontier(size);
    }
    if (block == NONE) {
      block = findFree(size, FreeLists.ALL);
    }
    if (block != NONE) {
      hold(block, size);
    }
    return block;
  }

  private static long roundUp(long sizeBytes) {
    return (sizeBytes + GRANULE_BYTES - 1) & -GRANULE_BYTES;
  }

  private int findFree(long size, int limit) {
    int block = dirty.find(size, limit);
    return block == NONE ? clean.find(size, limit) : block;
  }

  /// Moves the frontier so far that the last block, if it is free, or else a new one is large
  /// enough.
  private int findAtFrontier(long size) {
    int last = records.last();
    boolean open = last != NONE && records.state(last) == FREE;
    long start = open ? records.offset(last) : records.end();
    if (size > capacityBytes - start) {
      return NONE;
    }
    if (open && records.sizeBytes(last) >= size) {
      return last;
    }
    int added = records.append(start + size, FREE);
    if (!open) {
      list(added);
      return added;
    }
    unlist(last);
    joinWithBehind(last);
    list(last);
    return last;
  }

  /// Hands out the front of a free block. The rest stays free.
  private void hold(int block, long size) {
    unlist(block);
    long rest = records.sizeBytes(block) - size;
    if (rest > 0) {
      long front = Math.max(0, records.frontDirtBytes(block) - size);
      long back = Math.min(rest, records.backDirtBytes(block));
      int tail = records.cut(block, size, FREE);
      records.setDirt(tail, Math.min(rest, front), back);
      list(tail);
    }
    records.setState(block, HELD);
    allocatedBytes += size;
    blockCount++;
  }

  /// Takes a block back.
  ///
  /// @throws IllegalArgumentException if the block is not handed out
  void free(int block) {
    requireState(block, HELD);
    long size = records.sizeBytes(block);
    allocatedBytes -= size;
    blockCount--;
    release(block, size);
  }

  /// Takes the tail of a block back.
  ///
  /// @param sizeBytes what the caller keeps, at least 1 and at most the size of the block
  void shrink(int block, long sizeBytes) {
    requireState(block, HELD);
    long size = records.sizeBytes(block);
    if (sizeBytes < 1 || sizeBytes > size) {
      throw new IllegalArgumentException(
          "a block of " + size + " bytes cannot shrink to " + sizeBytes + " bytes");
    }
    long kept = roundUp(sizeBytes);
    if (kept < size) {
      int tail = records.cut(block, kept, HELD);
      allocatedBytes -= size - kept;
      release(tail, size - kept);
    }
  }

  /// Makes the tail of a block a block of its own.
  ///
  /// @param sizeBytes what is left of the block, at least 1 and at most its size
  /// @return the tail, or [#NONE] if there is none
  int cut(int block, long sizeBytes) {
    requireState(block, HELD);
    long size = records.sizeBytes(block);
    if (sizeBytes < 1 || sizeBytes > size) {
      throw new IllegalArgumentException(
          "a block of " + size + " bytes cannot be cut at " + sizeBytes + " bytes");
    }
    long kept = roundUp(sizeBytes);
    if (kept == size) {
      return NONE;
    }
    blockCount++;
    return records.cut(block, kept, HELD);
  }

  /// Withholds a free block, so that its pages can be given back to the system meanwhile. It is one
  /// with dirt, and of the highest class of sizes among those. If a block is large enough but in no
  /// higher class than `minBytes`, all of that class may be looked at; not so if `minBytes` is a
  /// power of two.
  ///
  /// @return its handle, for [#giveBack], or [#NONE] if there is none of at least `minBytes`
  int claimDirty(long minBytes) {
    int block = dirty.findLarge(minBytes);
    if (block != NONE) {
      unlist(block);
      records.setState(block, WITHHELD);
      withheldBytes += records.sizeBytes(block);
    }
    return block;
  }

  /// Whether [#claimDirty] would find a block.
  boolean hasDirty(long minBytes) {
    return dirty.findLarge(minBytes) != NONE;
  }

  /// Takes a withheld block back, clean.
  ///
  /// @throws IllegalArgumentException if the block is not withheld
  void giveBack(int block) {
    requireState(block, WITHHELD);
    withheldBytes -= records.sizeBytes(block);
    release(block, 0);
  }

  /// Whether a number stands for a block that is handed out.
  boolean isHeld(int block) {
    return records.stateOrUnused(block) == HELD;
  }

  private void requireState(int block, int state) {
    if (records.stateOrUnused(block) != state) {
      String wanted = state == HELD ? "handed out" : "withheld";
      throw new IllegalArgumentException("block " + block + " is not " + wanted);
    }
  }

  /// Frees a block and joins it with its free neighbours.
  private void release(int block, long frontDirtBytes) {
    records.setState(block, FREE);
    records.setDirt(block, frontDirtBytes, 0);
    int behind = records.behind(block);
    if (behind != NONE && records.state(behind) == FREE) {
      unlist(behind);
      joinWithBehind(block);
    }
    int before = records.before(block);
    if (before != NONE && records.state(before) == FREE) {
      unlist(before);
      joinWithBehind(before);
      list(before);
    } else {
      list(block);
    }
  }

  /// Makes a free block and the free one behind it one block; both are in no list.
  ///
  /// ```
  ///   |front  gap  back|front  gap  back|
  /// ```
  ///
  /// The dirt in the middle is counted with that end from which the smaller gap parts it.
  private void joinWithBehind(int block) {
    int behind = records.behind(block);
    long size = records.sizeBytes(block);
    long sizeBehind = records.sizeBytes(behind);
    long front = records.frontDirtBytes(block);
    long back = records.backDirtBytes(behind);
    long middleBefore = records.backDirtBytes(block);
    long middleBehind = records.frontDirtBytes(behind);
    long gap = Math.max(0, size - front - middleBefore);
    long gapBehind = Math.max(0, sizeBehind - back - middleBehind);
    if (middleBefore + middleBehind > 0) {
      if (gap <= gapBehind) {
        front = size + middleBehind;
      } else {
        back = sizeBehind + middleBefore;
      }
    }
    records.remove(behind);
    records.setDirt(block, front, back);
  }

  private void list(int block) {
    long dirtBytes = dirtBytes(block);
    freeDirtyBytes += dirtBytes;
    (dirtBytes > 0 ? dirty : clean).add(block);
  }

  private void unlist(int block) {
    long dirtBytes = dirtBytes(block);
    freeDirtyBytes -= dirtBytes;
    (dirtBytes > 0 ? dirty : clean).remove(block);
  }

  private long dirtBytes(int block) {
    long dirtBytes = records.frontDirtBytes(block) + records.backDirtBytes(block);
    return Math.min(dirtBytes, records.sizeBytes(block));
  }

  /// Where a block begins in the region, in bytes.
  long offset(int block) {
    return records.offset(block);
  }

  /// Length of a block in bytes: what was asked for, rounded up to [#GRANULE_BYTES].
  long sizeBytes(int block) {
    return records.sizeBytes(block);
  }

  /// Where the highest byte ever handed out ends.
  long frontier() {
    return records.end();
  }

  /// How many blocks are handed out.
  int blockCount() {
    return blockCount;
  }

  /// Sizes of the blocks handed out.
  long allocatedBytes() {
    return allocatedBytes;
  }

  /// Free memory that may hold pages, an upper bound.
  long freeDirtyBytes() {
    return freeDirtyBytes;
  }

  /// Sizes of the blocks that are withheld, which are neither free nor handed out.
  long withheldBytes() {
    return withheldBytes;
  }

  /// The largest size that could be allocated now. Looks at all blocks of the highest class.
  long largestFreeBytes() {
    int last = records.last();
    boolean open = last != NONE && records.state(last) == FREE;
    long atFrontier = capacityBytes - (open ? records.offset(last) : records.end());
    return Math.max(atFrontier, Math.max(dirty.largestBytes(), clean.largestBytes()));
  }

  /// The part of all free memory that is not in the largest piece: 0 if all is in one piece, near 1
  /// if there are only splinters.
  double fragmentation() {
    long freeBytes = capacityBytes - allocatedBytes - withheldBytes;
    return freeBytes == 0 ? 0 : 1 - (double) largestFreeBytes() / freeBytes;
  }

  /// What all records take, in bytes of the Java heap.
  long footprintBytes() {
    return records.footprintBytes();
  }

  /// Walks the whole region and all lists.
  ///
  /// @throws AssertionError if an invariant of the class does not hold
  void checkInvariants() {
    var sums = new long[WITHHELD + 1];
    int freeCount = 0;
    int before = NONE;
    for (int b = records.first(); b != NONE; b = records.behind(b)) {
      boolean linked = records.before(b) == before && records.sizeBytes(b) > 0;
      boolean aligned = records.offset(b) % GRANULE_BYTES == 0;
      boolean free = records.state(b) == FREE;
      boolean joined = !free || before == NONE || records.state(before) != FREE;
      check(linked && aligned && joined, "block " + b + " is wrong in its place");
      sums[records.state(b)] += records.sizeBytes(b);
      freeCount += free ? 1 : 0;
      before = b;
    }
    check(before == records.last(), "the last block is wrong");
    check(sums[HELD] == allocatedBytes && sums[WITHHELD] == withheldBytes, "sums are wrong");
    check(sums[HELD] + sums[WITHHELD] + sums[FREE] == records.end(), "there is a gap");
    checkLists(freeCount);
  }

  private void checkLists(int freeCount) {
    var listed = new int[1];
    var dirtBytes = new long[1];
    for (FreeLists lists : List.of(dirty, clean)) {
      lists.checkEach(b -> {
        check(records.state(b) == FREE, "block " + b + " is listed but not free");
        check(dirtBytes(b) > 0 == (lists == dirty), "block " + b + " is in the wrong lists");
        listed[0]++;
        dirtBytes[0] += dirtBytes(b);
      });
    }
    check(listed[0] == freeCount, "a free block is not listed");
    check(dirtBytes[0] == freeDirtyBytes, "the sum of dirty bytes is wrong");
  }

  private static void check(boolean holds, String broken) {
    if (!holds) {
      throw new AssertionError(broken);
    }
  }
}
