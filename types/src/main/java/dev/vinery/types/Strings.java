package dev.vinery.types;

import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Strings, some of which may be missing, one behind the other in memory as Arrow lays out large
/// strings: the bytes of all, where each begins, and a bit for each that is there. Immutable.
///
/// What was got is a view over shared memory, as a [Tensor] is. Safe for use by several threads.
///
/// Source: type name `vineyard::BaseBinaryArray<arrow::LargeStringArray>`.
public final class Strings implements Column {
  private static final ValueLayout.OfLong OFFSET =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final long first;
  private final long length;
  private final long missing;
  private final MemorySegment data;
  private final MemorySegment offsets;
  private final MemorySegment validity;
  private final @Nullable VineryObject object;
  private volatile boolean closed;

  /// @param first where the strings begin in `offsets` and `validity`
  /// @param missing how many are missing
  /// @param validity a bit for each string, the lowest first; empty if all are there
  private Strings(
      long first,
      long length,
      long missing,
      MemorySegment data,
      MemorySegment offsets,
      MemorySegment validity,
      @Nullable VineryObject object) {
    this.first = first;
    this.length = length;
    this.missing = missing;
    this.data = data;
    this.offsets = offsets;
    this.validity = validity;
    this.object = object;
  }

  /// A view that takes over an object.
  static Strings over(
      VineryObject object,
      long first,
      long length,
      long missing,
      MemorySegment data,
      MemorySegment offsets,
      MemorySegment validity) {
    return new Strings(first, length, missing, data, offsets, validity, object);
  }

  /// Wraps strings that are laid out already; they must not change any more.
  ///
  /// @param length how many there are
  /// @param missing how many of them are missing
  /// @param data the bytes of all, in UTF-8
  /// @param offsets where each begins in `data` and the last ends, 64 bits each, little-endian
  /// @param validity a bit for each that is there, the lowest first; empty if none is missing
  /// @throws IllegalArgumentException if there are too few bytes
  public static Strings of(
      long length,
      long missing,
      MemorySegment data,
      MemorySegment offsets,
      MemorySegment validity) {
    boolean enough =
        offsets.byteSize() >= 8 * (length + 1)
            && (missing == 0 || validity.byteSize() >= (length + 7) / 8)
            && offsets.get(OFFSET, 8 * length) <= data.byteSize();
    if (!enough) {
      throw new IllegalArgumentException(
          "there are too few bytes for %d strings".formatted(length));
    }
    return new Strings(0, length, missing, data, offsets, validity, null);
  }

  public static Strings of(String... values) {
    return ofOptional(Arrays.stream(values).map(Optional::of).toList());
  }

  /// Strings of which the empty ones are missing.
  public static Strings ofOptional(Collection<Optional<String>> values) {
    long sizeBytes = 0;
    List<byte[]> encoded = new ArrayList<>(values.size());
    byte[] validity = new byte[(values.size() + 7) / 8];
    int missing = 0;
    int i = 0;
    for (Optional<String> value : values) {
      byte[] utf8 = value.orElse("").getBytes(StandardCharsets.UTF_8);
      encoded.add(utf8);
      sizeBytes += utf8.length;
      if (value.isPresent()) {
        validity[i / 8] |= (byte) (1 << i % 8);
      } else {
        missing++;
      }
      i++;
    }
    byte[] data = new byte[Math.toIntExact(sizeBytes)];
    MemorySegment offsets = MemorySegment.ofArray(new long[encoded.size() + 1]);
    int end = 0;
    for (int string = 0; string < encoded.size(); string++) {
      byte[] utf8 = encoded.get(string);
      System.arraycopy(utf8, 0, data, end, utf8.length);
      end += utf8.length;
      offsets.set(OFFSET, 8L * (string + 1), end);
    }
    return new Strings(
        0,
        encoded.size(),
        missing,
        MemorySegment.ofArray(data),
        offsets,
        missing == 0 ? MemorySegment.ofArray(new byte[0]) : MemorySegment.ofArray(validity),
        null);
  }

  @Override
  public long length() {
    return length;
  }

  /// How many strings are missing.
  public long missingCount() {
    return missing;
  }

  @Override
  public String elementName() {
    return "str";
  }

  @Override
  public boolean isMissing(long index) {
    requireOpen();
    long bit = first + Objects.checkIndex(index, length);
    return validity.byteSize() > 0
        && (validity.get(ValueLayout.JAVA_BYTE, bit / 8) & (1 << (int) (bit % 8))) == 0;
  }

  /// Reads a string; nothing if it is missing.
  ///
  /// @param index from 0 to [#length()] - 1
  /// @throws StoreException if what lies in memory is not laid out as strings
  public Optional<String> get(long index) {
    if (isMissing(index)) {
      return Optional.empty();
    }
    long from = offsets.get(OFFSET, 8 * (first + index));
    long to = offsets.get(OFFSET, 8 * (first + index + 1));
    if (from < 0 || from > to || to > data.byteSize()) {
      throw new StoreException(
          Status.META_TREE_INVALID,
          "string %d lies from %d to %d in %d bytes".formatted(index, from, to, data.byteSize()));
    }
    byte[] utf8 = data.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
    return Optional.of(new String(utf8, StandardCharsets.UTF_8));
  }

  /// Reads all strings.
  public List<Optional<String>> toList() {
    List<Optional<String>> list = new ArrayList<>();
    for (long i = 0; i < length; i++) {
      list.add(get(i));
    }
    return list;
  }

  @Override
  public String format(long index) {
    return get(index).orElse("None");
  }

  /// The bytes of all strings, without those in front and behind.
  MemorySegment dataBytes() {
    requireOpen();
    long from = length == 0 ? 0 : offsets.get(OFFSET, 8 * first);
    long to = length == 0 ? 0 : offsets.get(OFFSET, 8 * (first + length));
    return data.asSlice(from, to - from);
  }

  /// Writes where each string begins in [#dataBytes()], and where the last one ends.
  ///
  /// @param to `8 * (length() + 1)` bytes
  void writeOffsets(MemorySegment to) {
    requireOpen();
    long from = length == 0 ? 0 : offsets.get(OFFSET, 8 * first);
    to.set(OFFSET, 0, 0);
    for (long i = 1; i <= length; i++) {
      to.set(OFFSET, 8 * i, offsets.get(OFFSET, 8 * (first + i)) - from);
    }
  }

  /// Writes a bit for each string, the lowest first.
  ///
  /// @param to `(length() + 7) / 8` bytes
  void writeValidity(MemorySegment to) {
    to.fill((byte) 0);
    for (long i = 0; i < length; i++) {
      if (!isMissing(i)) {
        byte bits = to.get(ValueLayout.JAVA_BYTE, i / 8);
        to.set(ValueLayout.JAVA_BYTE, i / 8, (byte) (bits | (1 << (int) (i % 8))));
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Strings that && length == that.length && toList().equals(that.toList());
  }

  @Override
  public int hashCode() {
    return Long.hashCode(length);
  }

  @Override
  public String toString() {
    return closed ? "Strings[closed]" : "Strings" + toList();
  }

  @Override
  public void close() {
    closed = true;
    if (object != null) {
      object.close();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the strings are closed");
    }
  }
}
