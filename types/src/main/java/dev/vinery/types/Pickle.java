package dev.vinery.types;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.vinery.client.Draft;
import dev.vinery.protocol.Metadata;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// Python's own serialisation, in which its client stores whatever has no layout of its own:
/// nothing, dictionaries, arrays of mixed things. Plain values can be read, and the few written
/// that JSON cannot hold; nothing is ever executed.
///
/// ```
/// vineyard::PickleBuffer
///   size_     length of the pickle in bytes
///   buffer_   protocol 5
/// ```
///
/// Source: the reference implementation's `python/vineyard/data/default.py`.
final class Pickle {
  static final String TYPE = "vineyard::PickleBuffer";

  private static final byte[] NONE = {(byte) 0x80, 5, 'N', '.'};

  /// Stands for `None`, which a list may hold; not to be confused with "not readable".
  enum Nothing {
    NOTHING
  }

  private Pickle() {}

  /// Reads a value: `Boolean`, `Long`, `BigInteger`, `Double`, `String`, `byte[]`, `List`, `Set`,
  /// `Map`, or [Nothing]; in lists and the like, `null` stands for nothing. An array of objects in
  /// one dimension is a list.
  ///
  /// @return nothing if it is of another kind, or damaged
  static Optional<Object> read(MemorySegment pickle) {
    try {
      Object value = new PickleReader(pickle).read();
      return Optional.of(value == null ? Nothing.NOTHING : value);
    } catch (PickleReader.UnreadableException unreadable) {
      return Optional.empty();
    }
  }

  static boolean isNothing(MemorySegment pickle) {
    return pickle.byteSize() >= NONE.length
        && Arrays.equals(pickle.asSlice(0, NONE.length).toArray(JAVA_BYTE), NONE);
  }

  static Draft draftOfNothing() {
    return draft(NONE);
  }

  /// Of a number that JSON cannot hold, for example an infinite one.
  static Draft draft(double value) {
    return draft(
        ByteBuffer.allocate(4 + Double.BYTES)
            .put((byte) 0x80)
            .put((byte) 5)
            .put((byte) 'G')
            .putDouble(value)
            .put((byte) '.')
            .array());
  }

  /// Of a number of more than 64 bits.
  ///
  /// @throws IllegalArgumentException if it has more than 255 bytes
  static Draft draft(BigInteger value) {
    byte[] bigEndian = value.toByteArray();
    if (bigEndian.length > 255) {
      throw new IllegalArgumentException(
          "a whole number may have 255 bytes, not " + bigEndian.length);
    }
    var pickle =
        ByteBuffer.allocate(5 + bigEndian.length)
            .put((byte) 0x80)
            .put((byte) 5)
            .put((byte) 0x8a)
            .put((byte) bigEndian.length);
    for (int i = bigEndian.length - 1; i >= 0; i--) {
      pickle.put(bigEndian[i]);
    }
    return draft(pickle.put((byte) '.').array());
  }

  private static Draft draft(byte[] pickle) {
    return Draft.object(TYPE)
        .put("size_", pickle.length)
        .put(Metadata.SIZE_BYTES, pickle.length)
        .member("buffer_", Draft.blob(MemorySegment.ofArray(pickle)))
        .build();
  }
}
