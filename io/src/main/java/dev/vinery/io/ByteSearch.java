package dev.vinery.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Finds bytes in arrays, eight at a time. Arrays are at least [TextBlock#SLACK_BYTES] longer than
/// what is searched.
///
/// A word is compared with a byte in all its places at once: after an exclusive or, the places that
/// match are zero, and adding 0x7f to the lower seven bits carries into the top bit of all others.
final class ByteSearch {
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static final long TOP_BITS = 0x8080808080808080L;
  private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;
  private static final long ONES = 0x0101010101010101L;

  private ByteSearch() {}

  /// A word that holds a byte in each of its eight places.
  static long repeated(byte value) {
    return (value & 0xffL) * ONES;
  }

  /// The top bits of the places where a word holds the byte of a pattern, and no others.
  static long matches(long word, long pattern) {
    long difference = word ^ pattern;
    return ~(((difference & LOW_BITS) + LOW_BITS) | difference | LOW_BITS);
  }

  /// Where a byte comes first from `from` on, or `to` if it does not before that.
  static int first(byte[] bytes, int from, int to, byte value) {
    long pattern = repeated(value);
    for (int i = from; i < to; i += Long.BYTES) {
      long found = matches((long) LONGS.get(bytes, i), pattern);
      if (found != 0) {
        return Math.min(to, i + (Long.numberOfTrailingZeros(found) >>> 3));
      }
    }
    return to;
  }

  /// Where a byte comes last before `to`, or -1 if it does not from `from` on.
  static int last(byte[] bytes, int from, int to, byte value) {
    for (int i = to - 1; i >= from; i--) {
      if (bytes[i] == value) {
        return i;
      }
    }
    return -1;
  }

  /// How often a byte comes from `from` up to `to`.
  static long count(byte[] bytes, int from, int to, byte value) {
    long count = 0;
    for (int i = first(bytes, from, to, value); i < to; i = first(bytes, i + 1, to, value)) {
      count++;
    }
    return count;
  }
}
