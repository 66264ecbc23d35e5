package dev.vinery.server;

import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.StoreFullException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/// The memory that blobs lie in: one sparse file, blocks in it, and the account of them.
///
/// The limit counts the bytes that clients asked for and is kept to the byte. The file is several
/// times as long as the limit: address space is free, so pieces that are too small for the next
/// request do not refuse it as long as the account has room. Pages are given back to the system by
/// punching holes, never by shrinking the file.
///
/// Allocating, freeing and counting are guarded by the store lock. Touching pages is slow and is
/// done without it: [#populate] and [#trim], by one thread at a time each.
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

  private final Lock storeLock;
  private final Condition givenBack;
  private final RoomWaits roomWaits = new RoomWaits();
  private final long limitBytes;
  private final Region region;
  private final BlockAllocator blocks;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment mapping;
  private long usedBytes;
  private long lentBytes;
  private volatile long populatedBytes;

  MemoryPool(Lock storeLock, long limitBytes) throws PosixException {
    this.storeLock = storeLock;
    this.givenBack = storeLock.newCondition();
    this.limitBytes = limitBytes;
    long page = SharedMemory.pageSize();
    long capacity =
        Math.max(MIN_CAPACITY_BYTES, limitBytes * CAPACITY_FACTOR + page - 1) / page * page;
    this.region = Region.anonymous("vinery-pool", capacity);
    try {
      this.mapping = SharedMemory.map(region.descriptor(true), capacity, true, arena);
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
    int block = blocks.allocate(sizeBytes);
    while (block == BlockAllocator.NONE && blocks.withheldBytes() > 0) {
      givenBack.awaitUninterruptibly(); // others may allocate meanwhile, so all is checked again
      checkRoom(sizeBytes);
      block = blocks.allocate(sizeBytes);
    }
    if (block == BlockAllocator.NONE) {
      throw new StoreFullException(
          "wanted %d bytes in one piece, the largest free piece has %d bytes"
              .formatted(sizeBytes, blocks.largestFreeBytes()));
    }
    usedBytes += sizeBytes;
    return block;
  }

  long offset(int block) {
    return blocks.offset(block);
  }

  void free(int block, long sizeBytes) {
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
    long step = Math.min(POPULATE_STEP_BYTES, to - from);
    SharedMemory.populate(mapping, from, step);
    populatedBytes = from + step;
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
    SharedMemory.punchHole(region.descriptor(true), from, to - from);
    return to - from;
  }

  /// Ends the pool. Clients keep their mappings of it as long as they like.
  @Override
  public void close() {
    arena.close();
    region.release();
  }
}
