package dev.vinery.types;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.vinery.client.Draft;
import dev.vinery.protocol.Metadata;
import dev.vinery.types.PickleReader.UnreadableException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

  /// Reads a value: `Boolean`, `Long`, `BigInteger`, `Double`, [Complex], `String`, `byte[]`,
  /// `Instant`, `ZonedDateTime`, `List`, `Set`, `Map`, [Tensor], [ObjectTensor], or [Nothing]; in
  /// lists and the like, `null` stands for nothing.
  ///
  /// @throws UnreadableException if it is of another kind, or damaged
  static Object read(MemorySegment pickle) throws UnreadableException {
    Object value = new PickleReader(pickle).read();
    return value == null ? Nothing.NOTHING : value;
  }

  static boolean isNothing(MemorySegment pickle) {
    return pickle.byteSize() >= NONE.length
        && Arrays.equals(pickle.asSlice(0, NONE.length).toArray(JAVA_BYTE), NONE);
  }

  static Draft draftOfNothing() {
    return draft(NONE);
  }

  /// Of a plain value, or of an array that only Python can lay out.
  ///
  /// @throws IllegalArgumentException if there is anything but plain values in it
  static Draft draft(@Nullable Object value) {
    return draft(bytes(value));
  }

  /// @throws IllegalArgumentException if there is anything but plain values in it
  static byte[] bytes(@Nullable Object value) {
    return new PickleWriter().write(value);
  }

  private static Draft draft(byte[] pickle) {
    return Draft.object(TYPE)
        .put("size_", pickle.length)
        .put(Metadata.SIZE_BYTES, pickle.length)
        .member("buffer_", Draft.blob(MemorySegment.ofArray(pickle)))
        .build();
  }
}
