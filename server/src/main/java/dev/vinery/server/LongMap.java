package dev.vinery.server;

import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A map from `long` to objects, without boxes and without an entry object for each.
///
/// **Idea.** One array of keys and one of values, as long as a power of two; a key is put at the
/// place its hash gives, or at the next free one behind it. Removing closes the gap: entries behind
/// that would be found earlier move up, so there are no tombstones and look-ups do not get slower
/// with age [1]. The hash is the 64-bit finaliser of MurmurHash3, which spreads keys however alike
/// they are: identifiers made from a clock and a counter are.
///
/// **Cost.** At most 70 % of the places are taken, at least 15 % unless the map is small; so 23 to
/// 107 bytes for each entry, with references of 8 bytes, and under two places looked at on average.
/// Growing or shrinking moves all entries, in time that the puts and removals before have paid for.
///
/// [1] D. E. Knuth: The Art of Computer Programming, volume 3, section 6.4, algorithm R.
///
/// Guarded by the store lock.
final class LongMap<V> {
  private static final int MIN_PLACES = 16;
  private static final double MOST_TAKEN = 0.7;
  private static final double LEAST_TAKEN = 0.15;

  private long[] keys = new long[MIN_PLACES];
  private @Nullable Object[] values = new Object[MIN_PLACES];
  private int size;
  private int changes;

  /// What [#walk] shows the entries to.
  @FunctionalInterface
  interface Visitor<V> {
    /// @return whether it wants to see more
    boolean visit(long key, V value);
  }

  int size() {
    return size;
  }

  boolean containsKey(long key) {
    return values[placeOf(key)] != null;
  }

  /// The value of a key, or null.
  @Nullable V get(long key) {
    return valueAt(placeOf(key));
  }

  /// Sets the value of a key.
  ///
  /// @return its former value, or null
  @Nullable V put(long key, V value) {
    Objects.requireNonNull(value);
    int place = placeOf(key);
    V former = valueAt(place);
    keys[place] = key;
    values[place] = value;
    changes++;
    if (former == null) {
      size++;
      if (size > MOST_TAKEN * keys.length) {
        resize(keys.length * 2);
      }
    }
    return former;
  }

  /// Removes a key.
  ///
  /// @return its former value, or null
  @Nullable V remove(long key) {
    int place = placeOf(key);
    V former = valueAt(place);
    if (former != null) {
      closeGap(place);
      size--;
      changes++;
      if (keys.length > MIN_PLACES && size < LEAST_TAKEN * keys.length) {
        resize(keys.length / 2);
      }
    }
    return former;
  }

  void clear() {
    keys = new long[MIN_PLACES];
    values = new Object[MIN_PLACES];
    size = 0;
    changes++;
  }

  /// Shows entries, in no order that means anything, until the visitor has seen enough.
  ///
  /// @throws ConcurrentModificationException if the visitor changes the map
  void walk(Visitor<? super V> visitor) {
    int expected = changes;
    boolean more = true;
    for (int place = 0; more && place < keys.length; place++) {
      V value = valueAt(place);
      if (value != null) {
        more = visitor.visit(keys[place], value);
        if (changes != expected) {
          throw new ConcurrentModificationException("the map was changed while it was walked");
        }
      }
    }
  }

  /// A copy of all values, so that the map may be changed while they are walked.
  List<V> values() {
    List<V> copy = new ArrayList<>(size);
    walk((_, value) -> copy.add(value));
    return copy;
  }

  /// How many entries there is room for, taken or not.
  int places() {
    return keys.length;
  }

  /// How many places are looked at for the key that is furthest from its own place.
  int longestSearch() {
    int mask = keys.length - 1;
    int longest = 0;
    for (int place = 0; place < keys.length; place++) {
      if (values[place] != null) {
        longest = Math.max(longest, ((place - (int) hash(keys[place])) & mask) + 1);
      }
    }
    return longest;
  }

  /// Where a key is, or the free place where it would be put.
  private int placeOf(long key) {
    int mask = keys.length - 1;
    int place = (int) hash(key) & mask;
    while (values[place] != null && keys[place] != key) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private static long hash(long key) {
    long h = (key ^ (key >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
    h = (h ^ (h >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
    return h ^ (h >>> 33);
  }

  /// Empties a place. Each entry behind it, up to the next free place, moves into the gap unless it
  /// would then be in front of its own place.
  private void closeGap(int gap) {
    int mask = keys.length - 1;
    for (int place = (gap + 1) & mask; values[place] != null; place = (place + 1) & mask) {
      int own = (int) hash(keys[place]) & mask;
      if (((place - own) & mask) >= ((place - gap) & mask)) {
        keys[gap] = keys[place];
        values[gap] = values[place];
        gap = place;
      }
    }
    values[gap] = null;
  }

  private void resize(int places) {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[places];
    values = new Object[places];
    for (int i = 0; i < oldKeys.length; i++) {
      Object value = oldValues[i];
      if (value != null) {
        int place = placeOf(oldKeys[i]);
        keys[place] = oldKeys[i];
        values[place] = value;
      }
    }
  }

  @SuppressWarnings("unchecked") // only put writes values, and it takes a V
  private @Nullable V valueAt(int place) {
    return (V) values[place];
  }
}
