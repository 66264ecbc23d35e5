package dev.vinery.server;

import java.util.ArrayList;
import java.util.List;

/// The records of a [BlockAllocator], 32 bytes for each block of its region, held or free. The
/// blocks cover the region from its start to [#end()] without a gap.
///
/// ```
///   word 0   offset in bytes, a multiple of 64, and in the six bits this leaves: the state
///   word 1   dirt at the front (upper half) and at the back (lower half) of a free block
///   word 2   the block before it in the region (upper half), the block behind it (lower half)
///   word 3   the previous in its free list (upper half), the next (lower half)
/// ```
///
/// A block ends where the next begins, so its size is nowhere stored. Dirt is counted in units, the
/// least power of two by which the length of the region fits 31 bits: 64 bytes up to 128 GiB, and
/// less than a page up to 4 TiB.
///
/// The words of a record lie together, so it is one or two cache lines. Records live in chunks that
/// never move: growing copies nothing and so delays nobody. Those not in use are chained by the
/// lower half of word 3, last released first. Guarded by the store lock.
final class BlockRecords {
  /// In place of a block: there is none.
  static final int NONE = -1;

  static final int UNUSED = 0;
  static final int HELD = 1;
  static final int FREE = 2;
  static final int WITHHELD = 3;

  private static final int CHUNK_BITS = 12;
  private static final int CHUNK_RECORDS = 1 << CHUNK_BITS;

  private static final int WORDS = 4;
  private static final int OFFSET_AND_STATE = 0;
  private static final int DIRT = 1;
  private static final int NEIGHBOURS = 2;
  private static final int LINKS = 3;

  private static final long STATE_MASK = 63;
  private static final long LOWER_HALF = 0xFFFF_FFFFL;

  private static final int MIN_UNIT_BITS = 6; // 64 bytes
  private static final int COUNT_BITS = 31;

  private final int unitBits;
  private final List<long[]> chunks = new ArrayList<>();
  private int created; // records that were ever in use
  private int unused = NONE;
  private int last = NONE;
  private long end;

  BlockRecords(long regionBytes) {
    int lengthBits = Long.SIZE - Long.numberOfLeadingZeros(regionBytes - 1);
    unitBits = Math.max(MIN_UNIT_BITS, lengthBits - COUNT_BITS);
  }

  /// Where the last block ends, in bytes.
  long end() {
    return end;
  }

  /// The block at offset 0. Its record is never removed, since blocks join with those before them.
  int first() {
    return end == 0 ? NONE : 0;
  }

  /// The block that ends at [#end()].
  int last() {
    return last;
  }

  /// Adds a block that reaches from [#end()] to `newEnd`.
  int append(long newEnd, int state) {
    int record = insert(last, NONE, end, state);
    end = newEnd;
    return record;
  }

  /// Makes all of a block but its first `keptBytes` a block of its own.
  int cut(int block, long keptBytes, int state) {
    return insert(block, behind(block), offset(block) + keptBytes, state);
  }

  private int insert(int before, int behind, long offset, int state) {
    int record = takeUnused();
    long[] words = chunk(record);
    int base = base(record);
    words[base + OFFSET_AND_STATE] = offset | state;
    words[base + DIRT] = 0;
    words[base + NEIGHBOURS] = pair(before, behind);
    words[base + LINKS] = pair(NONE, NONE);
    if (before != NONE) {
      setLower(before, NEIGHBOURS, record);
    }
    if (behind == NONE) {
      last = record;
    } else {
      setUpper(behind, NEIGHBOURS, record);
    }
    return record;
  }

  private int takeUnused() {
    int record = unused;
    if (record != NONE) {
      unused = nextInList(record);
      return record;
    }
    record = created++;
    if (record >>> CHUNK_BITS == chunks.size()) {
      chunks.add(new long[CHUNK_RECORDS * WORDS]);
    }
    return record;
  }

  /// Takes a record out of use. The block before it, which must exist, covers its memory from now
  /// on.
  void remove(int record) {
    int before = before(record);
    int behind = behind(record);
    setLower(before, NEIGHBOURS, behind);
    if (behind == NONE) {
      last = before;
    } else {
      setUpper(behind, NEIGHBOURS, before);
    }
    setState(record, UNUSED);
    setNextInList(record, unused);
    unused = record;
  }

  int state(int record) {
    return (int) (chunk(record)[base(record)] & STATE_MASK);
  }

  /// The state of a record, [#UNUSED] for a number that never was one.
  int stateOrUnused(int record) {
    return record < 0 || record >= created ? UNUSED : state(record);
  }

  void setState(int record, int state) {
    long[] words = chunk(record);
    int index = base(record) + OFFSET_AND_STATE;
    words[index] = (words[index] & ~STATE_MASK) | state;
  }

  long offset(int record) {
    return chunk(record)[base(record) + OFFSET_AND_STATE] & ~STATE_MASK;
  }

  long sizeBytes(int record) {
    int behind = behind(record);
    return (behind == NONE ? end : offset(behind)) - offset(record);
  }

  int before(int record) {
    return upper(record, NEIGHBOURS);
  }

  int behind(int record) {
    return lower(record, NEIGHBOURS);
  }

  /// How much of a free block's front may hold pages, in bytes, rounded up to a unit.
  long frontDirtBytes(int record) {
    return Integer.toUnsignedLong(upper(record, DIRT)) << unitBits;
  }

  /// How much of a free block's back may hold pages, in bytes, rounded up to a unit.
  long backDirtBytes(int record) {
    return Integer.toUnsignedLong(lower(record, DIRT)) << unitBits;
  }

  void setDirt(int record, long frontBytes, long backBytes) {
    chunk(record)[base(record) + DIRT] = pair(units(frontBytes), units(backBytes));
  }

  private int units(long bytes) {
    return (int) ((bytes + (1L << unitBits) - 1) >>> unitBits);
  }

  int previousInList(int record) {
    return upper(record, LINKS);
  }

  void setPreviousInList(int record, int other) {
    setUpper(record, LINKS, other);
  }

  int nextInList(int record) {
    return lower(record, LINKS);
  }

  void setNextInList(int record, int other) {
    setLower(record, LINKS, other);
  }

  /// What all records take, those not in use too, in bytes.
  long footprintBytes() {
    return (long) chunks.size() * CHUNK_RECORDS * WORDS * Long.BYTES;
  }

  private long[] chunk(int record) {
    return chunks.get(record >>> CHUNK_BITS);
  }

  private static int base(int record) {
    return (record & (CHUNK_RECORDS - 1)) * WORDS;
  }

  private static long pair(int upper, int lower) {
    return ((long) upper << Integer.SIZE) | (lower & LOWER_HALF);
  }

  private int upper(int record, int word) {
    return (int) (chunk(record)[base(record) + word] >>> Integer.SIZE);
  }

  private void setUpper(int record, int word, int value) {
    long[] words = chunk(record);
    int index = base(record) + word;
    words[index] = pair(value, (int) words[index]);
  }

  private int lower(int record, int word) {
    return (int) chunk(record)[base(record) + word];
  }

  private void setLower(int record, int word, int value) {
    long[] words = chunk(record);
    int index = base(record) + word;
    words[index] = (words[index] & ~LOWER_HALF) | (value & LOWER_HALF);
  }
}
