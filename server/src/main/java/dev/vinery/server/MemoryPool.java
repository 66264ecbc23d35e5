package dev.vinery.server;

import dev.vinery.posix.HugePages;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.StoreFullException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// The memory that blobs lie in: one sparse file, blocks in it, and the account of them.
///
/// The limit counts the bytes that clients asked for and is kept to the byte. The file is several
/// times as long as the limit: address space is free, so pieces that are too small for the next
/// request do not refuse it as long as the account has room. Pages are given back to the system by
/// punching holes, never by shrinking the file.
///
/// Where the kernel makes huge pages, they are made ahead of who writes a large blob into memory
/// that has no pages yet: making them takes a tenth of the time in which the writer would get small
/// ones, one page fault after the other.
///
/// Allocating, freeing and counting are guarded by the store lock. Touching pages is slow and is
/// done without it: [#prepare] and [#populate] by one thread, [#trim] by several.
final class MemoryPool implements AutoCloseable {
  /// The largest limit, in bytes, which is more than can be mapped.
  static final long MAX_LIMIT_BYTES = 1L << 56;

  /// How many times as long as the limit the file is. With twice as long, blocks that lie unluckily
  /// refuse requests for more than half of the limit while it is free: they do when what is freed
  /// is being trimmed and not at hand.
  private static final int CAPACITY_FACTOR = 8;

  private static final long MIN_CAPACITY_BYTES = 1L << 20;

  /// Bytes that are populated in one call, so that closing need not wait long.
  private static final long POPULATE_STEP_BYTES = 4L << 20;

  /// Bytes of a block from which on its pages are made while its writer is at it already.
  static final long PREPARED_BYTES = 8L << 20;

  private final Lock storeLock;

  /// Held while pages come or go, so that none come to a block that was freed and trimmed
  /// meanwhile. Taken before the store lock.
  private final Lock touching = new ReentrantLock();

  private final Condition givenBack;
  private final RoomWaits roomWaits = new RoomWaits();
  private final long limitBytes;
  private final Region region;
  private final BlockAllocator blocks;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment mapping;
  private final boolean hugePages;
  private final Deque<Unprepared> unprepared = new ArrayDeque<>();
  private long usedBytes;
  private long lentBytes;
  private volatile long populatedBytes;

  /// What is left to be prepared of a block that was handed out without pages.
  ///
  /// @param from a multiple of [HugePages#SIZE_BYTES], as `to` is
  private record Unprepared(int block, long from, long to) {}

  /// @param hugePages whether to make huge pages, if the kernel does
  MemoryPool(Lock storeLock, long limitBytes, boolean hugePages) throws PosixException {
    this.storeLock = storeLock;
    this.givenBack = storeLock.newCondition();
    this.limitBytes = limitBytes;
    long page = SharedMemory.pageSize();
    long capacity =
        Math.max(MIN_CAPACITY_BYTES, limitBytes * CAPACITY_FACTOR + page - 1) / page * page;
    this.hugePages = hugePages && HugePages.available();
    this.region = Region.anonymous("vinery-pool", capacity);
    try {
      this.mapping =
          SharedMemory.mapAligned(
              region.descriptor(true), capacity, HugePages.SIZE_BYTES, true, arena);
    } catch (PosixException e) {
      region.release();
      arena.close();
      throw e;
    }
    this.blocks = new BlockAllocator(capacity);
  }

  Region region() {
    return region;
  }

  /// Whether memory is made of huge pages.
  boolean hugePages() {
    return hugePages;
  }

  long limitBytes() {
    return limitBytes;
  }

  /// Bytes of all blobs in the pool, as requested.
  long usedBytes() {
    return usedBytes;
  }

  /// A piece of the daemon's own mapping. Used without the store lock by who keeps the blob there.
  MemorySegment bytes(long offset, long sizeBytes) {
    return mapping.asSlice(offset, sizeBytes);
  }

  /// Refuses what the limit does not allow altogether, before anything is changed.
  void checkRoom(List<Long> sizesBytes) {
    long total = 0;
    for (long sizeBytes : sizesBytes) {
      total = sizeBytes > Long.MAX_VALUE - total ? Long.MAX_VALUE : total + sizeBytes;
    }
    checkRoom(total);
  }

  /// Bytes that the limit still allows.
  long freeBytes() {
    return limitBytes - usedBytes - lentBytes;
  }

  /// Requests that wait until blobs are freed.
  RoomWaits roomWaits() {
    return roomWaits;
  }

  /// Refuses what the limit does not allow, before anything is changed.
  void checkRoom(long sizeBytes) {
    if (sizeBytes > freeBytes()) {
      throw new StoreFullException(
          "wanted %d bytes, %d of %d bytes are free".formatted(sizeBytes, freeBytes(), limitBytes));
    }
  }

  /// Reserves a block. To be called before a handler relies on any table: it waits, without the
  /// lock, if only memory that is being trimmed is left.
  ///
  /// @param sizeBytes at least 1
  /// @return a handle for [#offset] and [#free]
  /// @throws StoreFullException if the limit or the address space forbids it
  int allocate(long sizeBytes) {
    checkRoom(sizeBytes);
    int block = place(sizeBytes);
    while (block == BlockAllocator.NONE && blocks.withheldBytes() > 0) {
      givenBack.awaitUninterruptibly(); // others may allocate meanwhile, so all is checked again
      checkRoom(sizeBytes);
      block = place(sizeBytes);
    }
    if (block == BlockAllocator.NONE) {
      throw new StoreFullException(
          "wanted %d bytes in one piece, the largest free piece has %d bytes"
              .formatted(sizeBytes, blocks.largestFreeBytes()));
    }
    usedBytes += sizeBytes;
    return block;
  }

  private int place(long sizeBytes) {
    long dirtyBytes = blocks.freeDirtyBytes();
    int block = blocks.allocate(sizeBytes);
    boolean clean = dirtyBytes == blocks.freeDirtyBytes();
    if (block != BlockAllocator.NONE && clean && hugePages && sizeBytes >= PREPARED_BYTES) {
      long from = roundUpToHuge(blocks.offset(block));
      long to = roundDownToHuge(blocks.offset(block) + sizeBytes);
      unprepared.add(new Unprepared(block, from, to));
    }
    return block;
  }

  private static long roundUpToHuge(long bytes) {
    return roundDownToHuge(bytes + HugePages.SIZE_BYTES - 1);
  }

  private static long roundDownToHuge(long bytes) {
    return bytes & -HugePages.SIZE_BYTES;
  }

  long offset(int block) {
    return blocks.offset(block);
  }

  void free(int block, long sizeBytes) {
    unprepared.removeIf(rest -> rest.block == block);
    usedBytes -= sizeBytes;
    Invariant.check(usedBytes >= 0, "more bytes were freed than allocated");
    blocks.free(block);
    roomWaits.freed(usedBytes);
  }

  /// Reserves a block for blobs to come, as [#allocate] does. It counts against the limit.
  ///
  /// @param sizeBytes a multiple of 64, at least 64
  /// @return a handle for [#offset], [#cut] and [#takeBack]
  int lend(long sizeBytes) {
    int block = allocate(sizeBytes);
    usedBytes -= sizeBytes;
    lentBytes += sizeBytes;
    return block;
  }

  /// Makes the front of a lent block a block as [#allocate] returns it, under the same handle.
  ///
  /// @param sizeBytes length of the front, which counts without rounding from now on
  /// @return the rest, still lent, or [BlockAllocator#NONE] if nothing is left
  int cut(int block, long sizeBytes) {
    int rest = blocks.cut(block, sizeBytes);
    lentBytes -= blocks.sizeBytes(block);
    usedBytes += sizeBytes;
    return rest;
  }

  /// Frees a lent block, or the rest of it.
  void takeBack(int block) {
    lentBytes -= blocks.sizeBytes(block);
    Invariant.check(lentBytes >= 0, "more bytes were taken back than lent");
    blocks.free(block);
    roomWaits.freed(usedBytes);
  }

  /// Keeps only the first bytes of a block, if only to know it by.
  void shrink(int block, long sizeBytes, long newSizeBytes) {
    usedBytes -= sizeBytes - newSizeBytes;
    unprepared.removeIf(rest -> rest.block == block);
    blocks.shrink(block, Math.max(newSizeBytes, 1));
    roomWaits.freed(usedBytes);
  }

  /// End of the memory that was ever handed out.
  long frontierBytes() {
    return blocks.frontier();
  }

  /// Whether [#trim] would find something to give back.
  boolean canTrim(long keepBytes) {
    return blocks.freeDirtyBytes() > keepBytes && blocks.hasDirty(SharedMemory.pageSize());
  }

  double fragmentation() {
    return blocks.fragmentation();
  }

  /// Bytes of memory that the file occupies now.
  long residentBytes() throws PosixException {
    return SharedMemory.residentBytes(region.descriptor(true));
  }

  long populatedBytes() {
    return populatedBytes;
  }

  /// Whether [#prepare] would find something to do.
  boolean canPrepare() {
    return !unprepared.isEmpty();
  }

  /// Makes the next huge page of a block that is being written. Without the store lock.
  ///
  /// @return false if there was nothing to do
  boolean prepare() throws PosixException {
    touching.lock();
    try {
      long offset = takeUnprepared();
      if (offset < 0) {
        return false;
      }
      HugePages.make(mapping, offset);
      return true;
    } finally {
      touching.unlock();
    }
  }

  /// Takes the next huge page to be made off the list, or returns -1.
  private long takeUnprepared() {
    storeLock.lock();
    try {
      Unprepared next = unprepared.poll();
      while (next != null && !isWhole(next)) {
        next = unprepared.poll();
      }
      if (next == null) {
        return -1;
      }
      unprepared.addFirst(new Unprepared(next.block, next.from + HugePages.SIZE_BYTES, next.to));
      return next.from;
    } finally {
      storeLock.unlock();
    }
  }

  /// Whether there is something left, and the block is still handed out and has not been cut.
  private boolean isWhole(Unprepared rest) {
    if (rest.from >= rest.to || !blocks.isHeld(rest.block)) {
      return false;
    }
    long start = blocks.offset(rest.block);
    return rest.from >= start && rest.to <= start + blocks.sizeBytes(rest.block);
  }

  /// Makes the next pages of a range present, so that who writes them first need not wait. What was
  /// populated before is passed over. Without the store lock.
  ///
  /// @return whether the whole range is present; if not, call again
  boolean populate(long fromBytes, long toBytes) throws PosixException {
    long from = Math.max(populatedBytes, fromBytes);
    long to = Math.min(toBytes, region.sizeBytes());
    if (from >= to) {
      return true;
    }
    long stepEnd = Math.min(roundDownToHuge(from) + POPULATE_STEP_BYTES, to);
    for (long at = from; at < stepEnd; ) {
      long end = Math.min(roundDownToHuge(at) + HugePages.SIZE_BYTES, stepEnd);
      if (!hugePages || end - at < HugePages.SIZE_BYTES || !HugePages.make(mapping, at)) {
        SharedMemory.populate(mapping, at, end - at);
      }
      at = end;
    }
    populatedBytes = stepEnd;
    return populatedBytes >= to;
  }

  /// Gives pages of free blocks back to the system until at most `keepBytes` of free memory are
  /// warm. Without the store lock.
  ///
  /// @return bytes that were given back, a rounding aside
  long trim(long keepBytes) throws PosixException {
    long trimmed = 0;
    while (true) {
      int block;
      long offset;
      long sizeBytes;
      storeLock.lock();
      try {
        block =
            blocks.freeDirtyBytes() > keepBytes
                ? blocks.claimDirty(SharedMemory.pageSize())
                : BlockAllocator.NONE;
        if (block == BlockAllocator.NONE) {
          break;
        }
        offset = blocks.offset(block);
        sizeBytes = blocks.sizeBytes(block);
      } finally {
        storeLock.unlock();
      }
      try {
        trimmed += punch(offset, sizeBytes);
      } finally {
        storeLock.lock();
        try {
          blocks.giveBack(block);
          givenBack.signalAll();
        } finally {
          storeLock.unlock();
        }
      }
    }
    return trimmed;
  }

  /// Punches the whole pages of a range.
  private long punch(long offset, long sizeBytes) throws PosixException {
    long page = SharedMemory.pageSize();
    long from = (offset + page - 1) / page * page;
    long to = (offset + sizeBytes) / page * page;
    if (from >= to) {
      return 0;
    }
    touching.lock();
    try {
      SharedMemory.punchHole(region.descriptor(true), from, to - from);
    } finally {
      touching.unlock();
    }
    return to - from;
  }

  /// Ends the pool. Clients keep their mappings of it as long as they like.
  @Override
  public void close() {
    arena.close();
    region.release();
  }
}
