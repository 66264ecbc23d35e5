package dev.vinery.arrow;

import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The fields and buffers of one stored array, read with distrust. Immutable.
///
/// @param first index of the first element in the buffers, at least 0
/// @param length how many elements, at least 0; both together less than 2^40
/// @param nullCount how many are missing, from 0 to `length`
record Layout(VineryObject array, long first, int length, int nullCount) {
  static final String LENGTH = "length_";
  static final String NULL_COUNT = "null_count_";
  static final String OFFSET = "offset_";
  static final String NULL_BITMAP = "null_bitmap_";
  static final String BUFFER = "buffer_";
  static final String DATA = "buffer_data_";
  static final String OFFSETS = "buffer_offsets_";
  static final String VALUES = "values_";

  private static final ValueLayout.OfInt NARROW =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong WIDE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Elements in front of an array in its buffers.
  private static final long MAX_FIRST = 1L << 39;

  static StoreException wrong(VineryObject object, String detail) {
    return new StoreException(
        Status.META_TREE_INVALID, object.typeName() + " " + object.id() + ": " + detail);
  }

  /// Reads a field that counts things.
  ///
  /// @param limit the largest number that makes sense
  static long count(VineryObject object, String field, long limit) {
    long count = object.metadata().whole(field);
    if (count < 0 || count > limit) {
      throw wrong(
          object, "field '" + field + "' is " + count + ", which is not from 0 to " + limit);
    }
    return count;
  }

  /// Reads what all arrays have.
  static Layout of(VineryObject array) {
    int length = (int) count(array, LENGTH, Integer.MAX_VALUE);
    return new Layout(
        array, count(array, OFFSET, MAX_FIRST), length, (int) count(array, NULL_COUNT, length));
  }

  /// The bits of `member` for the elements.
  MemorySegment bits(String member) {
    long bytes = (length + 7L) / 8;
    int shift = (int) (first % 8);
    MemorySegment stored = bytes(member, first / 8, length == 0 ? 0 : (shift + length + 7L) / 8);
    if (shift == 0 || bytes == 0) {
      return stored;
    }
    // Arrow Java knows no offset, so bits that begin within a byte are the one thing to copy.
    MemorySegment shifted = Arena.ofAuto().allocate(bytes);
    for (long i = 0; i < bytes; i++) {
      int low = Byte.toUnsignedInt(stored.get(ValueLayout.JAVA_BYTE, i));
      int high =
          i + 1 < stored.byteSize()
              ? Byte.toUnsignedInt(stored.get(ValueLayout.JAVA_BYTE, i + 1))
              : 0;
      shifted.set(ValueLayout.JAVA_BYTE, i, (byte) (low >>> shift | high << (8 - shift)));
    }
    return shifted;
  }

  /// Length of [#validity()].
  long validityBytes() {
    return (length + 7L) / 8;
  }

  /// A bit for each element that is there; needed only if any is missing.
  MemorySegment validity() {
    return bits(NULL_BITMAP);
  }

  /// The elements in `buffer_`.
  ///
  /// @param elementBytes size of one, at least 0
  MemorySegment elements(long elementBytes) {
    return length == 0
        ? MemorySegment.NULL
        : bytes(
            BUFFER,
            Math.multiplyExact(first, elementBytes),
            Math.multiplyExact(length, elementBytes));
  }

  /// Where each element begins, and the last one ends; zeros if there are no elements.
  MemorySegment offsets(boolean large) {
    long width = large ? Long.BYTES : Integer.BYTES;
    return length == 0
        ? Arena.ofAuto().allocate(width)
        : bytes(OFFSETS, first * width, (length + 1L) * width);
  }

  /// Checks offsets: the first and the last one always, and all of them if Arrow was told not to
  /// check what it reads.
  ///
  /// @param limit what no offset may pass
  /// @return the last one
  long checkOffsets(MemorySegment offsets, boolean large, long limit, boolean all) {
    int step = all || length == 0 ? 1 : length;
    long before = 0;
    for (long i = 0; i <= length; i += step) {
      long offset =
          large ? offsets.get(WIDE, i * Long.BYTES) : offsets.get(NARROW, i * Integer.BYTES);
      if (offset < before || offset > limit) {
        throw wrong(
            array,
            "element %d ends at offset %d in '%s', which is not from %d to %d"
                .formatted(first + i, offset, OFFSETS, before, limit));
      }
      before = offset;
    }
    return before;
  }

  /// The bytes of a blob.
  MemorySegment blob(String member) {
    VineryObject blob = array.member(member);
    if (!blob.isBlob()) {
      throw wrong(array, "member '" + member + "' is a " + blob.typeName() + " and no blob");
    }
    return blob.segment();
  }

  private MemorySegment bytes(String member, long from, long count) {
    if (count == 0) {
      return MemorySegment.NULL;
    }
    MemorySegment blob = blob(member);
    if (from > blob.byteSize() || count > blob.byteSize() - from) {
      throw wrong(
          array,
          "member '%s' has %d bytes where %d elements from %d on need %d"
              .formatted(member, blob.byteSize(), length, first, Math.addExact(from, count)));
    }
    return blob.asSlice(from, count);
  }
}
