package dev.vinery.server;

import static dev.vinery.server.BlockRecords.NONE;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// Free blocks of a [BlockAllocator], in a doubly linked list for each class of sizes, last freed
/// first.
///
/// A class is found from a size by arithmetic: below 32 granules of 64 bytes each size is a class;
/// above, each power of two is divided into 32 classes of equal width. So the sizes in a class
/// differ by 3 % at most. Two levels of bits tell which classes are occupied: a bit for each class,
/// and one for each word of those bits. Guarded by the store lock.
final class FreeLists {
  /// As a limit of [#find]: look at all.
  static final int ALL = Integer.MAX_VALUE;

  private static final int GRANULE_BITS = 6; // 64 bytes
  private static final int SUBCLASS_BITS = 5;
  private static final int SUBCLASSES = 1 << SUBCLASS_BITS;
  private static final int CLASSES = classOf(Long.MAX_VALUE) + 1;

  private final BlockRecords records;
  private final int[] heads = new int[CLASSES];
  private final long[] occupied = new long[CLASSES / Long.SIZE + 1];
  private long occupiedWords; // a bit for each word of `occupied`, of which there are fewer than 64

  FreeLists(BlockRecords records) {
    this.records = records;
    Arrays.fill(heads, NONE);
  }

  /// The class of a size; the larger the size, the higher the class.
  static int classOf(long sizeBytes) {
    long granules = sizeBytes >>> GRANULE_BITS;
    if (granules < SUBCLASSES) {
      return (int) granules;
    }
    int shift = Long.SIZE - 1 - SUBCLASS_BITS - Long.numberOfLeadingZeros(granules);
    return (shift << SUBCLASS_BITS) + (int) (granules >>> shift);
  }

  /// Puts a block in front of those of its class.
  void add(int block) {
    int sizeClass = classOf(records.sizeBytes(block));
    int head = heads[sizeClass];
    records.setPreviousInList(block, NONE);
    records.setNextInList(block, head);
    if (head != NONE) {
      records.setPreviousInList(head, block);
    }
    setHead(sizeClass, block);
  }

  /// Takes a block out. Its size must be the one it had when it was added.
  void remove(int block) {
    int previous = records.previousInList(block);
    int next = records.nextInList(block);
    if (next != NONE) {
      records.setPreviousInList(next, previous);
    }
    if (previous == NONE) {
      setHead(classOf(records.sizeBytes(block)), next);
    } else {
      records.setNextInList(previous, next);
    }
  }

  private void setHead(int sizeClass, int head) {
    int word = sizeClass >>> 6;
    heads[sizeClass] = head;
    if (head == NONE) {
      occupied[word] &= ~(1L << sizeClass);
    } else {
      occupied[word] |= 1L << sizeClass;
    }
    if (occupied[word] == 0) {
      occupiedWords &= ~(1L << word);
    } else {
      occupiedWords |= 1L << word;
    }
  }

  /// A block of at least `sizeBytes`, or [BlockRecords#NONE]: one of the same class if the first
  /// `limit` of it have one, else the first of the next higher class, where all are large enough.
  int find(long sizeBytes, int limit) {
    int sizeClass = classOf(sizeBytes);
    int block = heads[sizeClass];
    for (int i = 0; block != NONE && i < limit; i++) {
      if (records.sizeBytes(block) >= sizeBytes) {
        return block;
      }
      block = records.nextInList(block);
    }
    int higher = occupiedFrom(sizeClass + 1);
    return higher == NONE ? NONE : heads[higher];
  }

  /// The lowest occupied class that is at least `sizeClass`, or [BlockRecords#NONE].
  private int occupiedFrom(int sizeClass) {
    int word = sizeClass >>> 6;
    long bits = occupied[word] & (-1L << sizeClass);
    if (bits == 0) {
      long words = occupiedWords & (-2L << word);
      if (words == 0) {
        return NONE;
      }
      word = Long.numberOfTrailingZeros(words);
      bits = occupied[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /// A block of the highest occupied class, if it has one of at least `sizeBytes`. Looks at one
  /// block, or, if `sizeBytes` falls into that class, at all that are smaller.
  int findLarge(long sizeBytes) {
    for (int block = firstOfHighest(); block != NONE; block = records.nextInList(block)) {
      if (records.sizeBytes(block) >= sizeBytes) {
        return block;
      }
    }
    return NONE;
  }

  /// Size of the largest block, or 0. Looks at all of the highest occupied class.
  long largestBytes() {
    long largest = 0;
    for (int block = firstOfHighest(); block != NONE; block = records.nextInList(block)) {
      largest = Math.max(largest, records.sizeBytes(block));
    }
    return largest;
  }

  private int firstOfHighest() {
    if (occupiedWords == 0) {
      return NONE;
    }
    int word = Long.SIZE - 1 - Long.numberOfLeadingZeros(occupiedWords);
    int bit = Long.SIZE - 1 - Long.numberOfLeadingZeros(occupied[word]);
    return heads[(word << 6) + bit];
  }

  /// Shows every block, and checks on the way that each is in the list of its class, that the lists
  /// are linked both ways, and that the bits tell which are empty.
  ///
  /// @throws AssertionError if they do not
  void checkEach(IntConsumer visitor) {
    for (int sizeClass = 0; sizeClass < CLASSES; sizeClass++) {
      check(((occupied[sizeClass >>> 6] >>> sizeClass) & 1) == 1, heads[sizeClass], sizeClass);
      int previous = NONE;
      for (int b = heads[sizeClass]; b != NONE; b = records.nextInList(b)) {
        if (classOf(records.sizeBytes(b)) != sizeClass || records.previousInList(b) != previous) {
          throw new AssertionError("block " + b + " is wrong in the list of class " + sizeClass);
        }
        visitor.accept(b);
        previous = b;
      }
    }
    for (int word = 0; word < occupied.length; word++) {
      check(((occupiedWords >>> word) & 1) == 1, occupied[word] == 0 ? NONE : word, word);
    }
  }

  private static void check(boolean bit, int head, int index) {
    if (bit != (head != NONE)) {
      throw new AssertionError("bit " + index + " of the free lists is wrong");
    }
  }
}
