package dev.vinery.server;

import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.function.LongPredicate;

/// The ids of one kind, walked in ascending unsigned order.
///
/// **Idea.** Ids are issued nearly in order and mostly walked much later, so they are kept in one
/// array to which new ones are appended. A first part of it is sorted; the rest is sorted and
/// merged in when somebody walks. An id that goes is only counted here: who asks for it finds it
/// dead in the table it comes from. When more than half are dead, the living ones are copied
/// together.
///
/// **Invariants.** Ids are stored with the highest bit flipped, which turns unsigned into signed
/// order. The first `sorted` of them ascend. The array holds every living id, and may hold it twice
/// if it had died and was added again.
///
/// **Cost.** 8 to 24 bytes for each id. Adding and removing take constant time on average, the ids
/// that are copied together once in a while included; walking takes the time of those walked, if
/// ids were added in order.
///
/// Guarded by the store lock.
final class IdIndex {
  private static final int MIN_LENGTH = 8;
  private static final long FLIP = Long.MIN_VALUE;

  private long[] ids = new long[MIN_LENGTH];
  private int count;
  private int sorted;
  private int size;
  private int changes;

  /// How many ids are alive.
  int size() {
    return size;
  }

  /// Adds an id that is not in the index.
  void add(long id) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, count + (count >> 1));
    }
    long flipped = id ^ FLIP;
    if (sorted == count && (count == 0 || ids[count - 1] <= flipped)) {
      sorted++;
    }
    ids[count++] = flipped;
    size++;
    changes++;
  }

  /// Notes that an id of the index has died.
  ///
  /// @param alive tells which ids are alive, no longer this one
  /// @return how many ids are left
  int removed(LongPredicate alive) {
    if (size == 0) {
      throw new IllegalStateException("no id is left to be removed");
    }
    size--;
    changes++;
    if (count > MIN_LENGTH && size < count / 2) {
      dropDead(alive);
    }
    return size;
  }

  /// Shows the living ids in ascending order, until the visitor has seen enough.
  ///
  /// @param alive tells which ids are alive
  /// @param visitor answers whether it wants more
  /// @throws ConcurrentModificationException if one of the two changes the index
  void ascending(LongPredicate alive, LongPredicate visitor) {
    sort();
    int expected = changes;
    for (int i = 0; i < count; i++) {
      long id = ids[i] ^ FLIP;
      boolean repeated = i > 0 && ids[i - 1] == ids[i];
      if (!repeated && alive.test(id) && !visitor.test(id)) {
        return;
      }
      if (changes != expected) {
        throw new ConcurrentModificationException("the index was changed while it was walked");
      }
    }
  }

  /// How many ids there is room for.
  int capacity() {
    return ids.length;
  }

  /// Sorts the ids behind the sorted part and merges them into it, from the highest down. Ids lower
  /// than all that were added since stay where they are.
  private void sort() {
    if (sorted == count) {
      return;
    }
    long[] added = Arrays.copyOfRange(ids, sorted, count);
    Arrays.sort(added);
    int from = sorted - 1;
    int to = count - 1;
    for (int i = added.length - 1; i >= 0; i--) {
      while (from >= 0 && ids[from] > added[i]) {
        ids[to--] = ids[from--];
      }
      ids[to--] = added[i];
    }
    sorted = count;
  }

  private void dropDead(LongPredicate alive) {
    sort();
    int kept = 0;
    for (int i = 0; i < count; i++) {
      boolean repeated = kept > 0 && ids[kept - 1] == ids[i];
      if (!repeated && alive.test(ids[i] ^ FLIP)) {
        ids[kept++] = ids[i];
      }
    }
    count = kept;
    sorted = kept;
    ids = Arrays.copyOf(ids, Math.max(MIN_LENGTH, kept + (kept >> 1)));
  }
}
