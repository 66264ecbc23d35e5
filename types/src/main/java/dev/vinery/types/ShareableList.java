package dev.vinery.types;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.vinery.client.Client;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A list of fixed length in shared memory, as Python's
/// `multiprocessing.shared_memory.ShareableList`.
///
/// Its elements are `Long`, `Double`, `Boolean`, `String`, `byte[]` or `null`. Each can be replaced
/// by another one until the list is frozen, if the new one takes no more room than the old one had.
/// Strings and bytes lose zeros at their end. Confined to one thread until it is frozen.
///
/// ```
/// int64                length n
/// int64  × (n + 1)     where each element begins behind these, and where the last one ends
/// bytes                the elements, each a multiple of 8 bytes
/// 8 bytes × n          the form of each, as Python's `struct` has it: q, d, xxxxxxx?, xxxxxx?x, 16s
/// 1 byte × n           0 as it is, 1 a string, 2 bytes, 3 nothing
/// ```
///
/// Source: Python's `multiprocessing/shared_memory.py`, and the reference implementation's
/// `python/vineyard/shared_memory`.
public final class ShareableList implements AutoCloseable {
  private static final ValueLayout.OfLong INT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble FLOAT64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int ALIGNMENT = 8;
  private static final int FORMAT_BYTES = 8;
  private static final String WHOLE = "q";
  private static final String REAL = "d";
  private static final String FLAG = "xxxxxxx?";
  private static final String NOTHING = "xxxxxx?x";

  private static final byte AS_IT_IS = 0;
  private static final byte TEXT = 1;
  private static final byte BYTES = 2;
  private static final byte NONE = 3;

  /// Elements of one list.
  private static final long MAX_ELEMENTS = 1 << 28;

  private final SharedMemory memory;
  private final int size;

  private ShareableList(SharedMemory memory, int size) {
    this.memory = memory;
    this.size = size;
  }

  /// Makes a list that can be changed until it is frozen.
  ///
  /// @throws IllegalArgumentException if there is an element of another kind
  public static ShareableList create(Client client, List<? extends @Nullable Object> elements) {
    int size = elements.size();
    long[] ends = new long[size + 1];
    for (int i = 0; i < size; i++) {
      ends[i + 1] = ends[i] + room(elements.get(i));
    }
    long sizeBytes = 8L * (size + 2) + ends[size] + (FORMAT_BYTES + 1L) * size;
    var memory = SharedMemory.create(client, sizeBytes);
    MemorySegment bytes = memory.memory();
    bytes.set(INT64, 0, size);
    for (int i = 0; i <= size; i++) {
      bytes.set(INT64, 8L * (i + 1), ends[i]);
    }
    var list = new ShareableList(memory, size);
    for (int i = 0; i < size; i++) {
      list.write(i, elements.get(i));
    }
    return list;
  }

  /// Opens a list that somebody has frozen.
  ///
  /// @param name what [#name()] returns; in Python, `.shm.name`
  /// @throws StoreException if there is none, or the memory holds no list
  public static ShareableList open(Client client, String name) {
    var memory = SharedMemory.open(client, name);
    boolean opened = false;
    try {
      long size = length(memory.memory());
      if (size < 0) {
        throw new StoreException(
            Status.META_TREE_INVALID, "shared memory " + name + " holds no list");
      }
      opened = true;
      return new ShareableList(memory, (int) size);
    } finally {
      if (!opened) {
        memory.close();
      }
    }
  }

  /// @return negative if the bytes are no list
  private static long length(MemorySegment bytes) {
    if (bytes.byteSize() < 16) {
      return -1;
    }
    long size = bytes.get(INT64, 0);
    if (size < 0 || size > MAX_ELEMENTS || bytes.byteSize() < 8 * (size + 2)) {
      return -1;
    }
    long end = 0;
    for (long i = 0; i <= size; i++) {
      long next = bytes.get(INT64, 8 * (i + 1));
      if (next < end || next > bytes.byteSize() || (i == 0 && next != 0)) {
        return -1;
      }
      end = next;
    }
    return 8 * (size + 2) + end + (FORMAT_BYTES + 1) * size <= bytes.byteSize() ? size : -1;
  }

  private static long room(@Nullable Object element) {
    return switch (element) {
      case null -> ALIGNMENT;
      case Long _, Integer _, Double _, Boolean _ -> ALIGNMENT;
      case String text -> padded(text.getBytes(StandardCharsets.UTF_8).length);
      case byte[] bytes -> padded(bytes.length);
      default ->
          throw new IllegalArgumentException(
              "a shareable list cannot hold a " + element.getClass().getTypeName());
    };
  }

  private static long padded(long length) {
    return ALIGNMENT * (length / ALIGNMENT + 1);
  }

  public int size() {
    return size;
  }

  /// What others open the list by.
  public String name() {
    return memory.name();
  }

  /// Reads an element.
  ///
  /// @param index from 0 to [#size()] - 1
  /// @return `null` for Python's `None`
  /// @throws StoreException if what lies in memory is no element
  public @Nullable Object get(int index) {
    MemorySegment bytes = memory.memory();
    long from = start(Objects.checkIndex(index, size));
    long room = start(index + 1) - from;
    String format = format(index);
    byte code = bytes.get(JAVA_BYTE, codes() + index);
    if (room >= ALIGNMENT) {
      switch (format) {
        case WHOLE -> {
          return bytes.get(INT64, from);
        }
        case REAL -> {
          return bytes.get(FLOAT64, from);
        }
        case FLAG -> {
          return bytes.get(JAVA_BYTE, from + ALIGNMENT - 1) != 0;
        }
        case NOTHING -> {
          return null;
        }
        default -> {
          if (format.matches("[0-9]{1,7}s")) {
            int length = Integer.parseInt(format.substring(0, format.length() - 1));
            if (length <= room) {
              byte[] content = stripped(bytes.asSlice(from, length).toArray(JAVA_BYTE));
              return code == TEXT ? new String(content, StandardCharsets.UTF_8) : content;
            }
          }
        }
      }
    }
    throw new StoreException(
        Status.META_TREE_INVALID,
        "element %d of list %s has the form '%s'".formatted(index, name(), format));
  }

  private static byte[] stripped(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }

  /// Replaces an element.
  ///
  /// @param index from 0 to [#size()] - 1
  /// @throws IllegalStateException if the list is frozen
  /// @throws IllegalArgumentException if the element is of another kind, or needs more room than
  ///   the one that it replaces
  public void set(int index, @Nullable Object element) {
    Objects.checkIndex(index, size);
    if (memory.isFrozen()) {
      throw new IllegalStateException("list " + name() + " is frozen");
    }
    long room = start(index + 1) - start(index);
    long needed =
        switch (element) {
          case String text -> text.getBytes(StandardCharsets.UTF_8).length;
          case byte[] bytes -> bytes.length;
          case null, default -> room(element);
        };
    if (needed > room) {
      throw new IllegalArgumentException(
          "an element of %d bytes does not fit the %d bytes there are".formatted(needed, room));
    }
    write(index, element);
  }

  private void write(int index, @Nullable Object element) {
    MemorySegment bytes = memory.memory();
    long from = start(index);
    long room = start(index + 1) - from;
    bytes.asSlice(from, room).fill((byte) 0);
    switch (element) {
      case null -> describe(index, NOTHING, NONE);
      case Boolean flag -> {
        bytes.set(JAVA_BYTE, from + ALIGNMENT - 1, (byte) (flag ? 1 : 0));
        describe(index, FLAG, AS_IT_IS);
      }
      case Double number -> {
        bytes.set(FLOAT64, from, number);
        describe(index, REAL, AS_IT_IS);
      }
      case Long number -> whole(index, number);
      case Integer number -> whole(index, number);
      case String text -> text(index, text.getBytes(StandardCharsets.UTF_8), TEXT);
      case byte[] content -> text(index, content, BYTES);
      default -> room(element); // refuses it
    }
  }

  private void whole(int index, long number) {
    memory.memory().set(INT64, start(index), number);
    describe(index, WHOLE, AS_IT_IS);
  }

  private void text(int index, byte[] content, byte code) {
    long room = start(index + 1) - start(index);
    MemorySegment.copy(content, 0, memory.memory(), JAVA_BYTE, start(index), content.length);
    describe(index, room + "s", code);
  }

  private void describe(int index, String format, byte code) {
    byte[] ascii = format.getBytes(StandardCharsets.US_ASCII);
    if (ascii.length > FORMAT_BYTES) {
      throw new IllegalArgumentException("an element is too long: " + format);
    }
    MemorySegment target = memory.memory().asSlice(formats() + 8L * index, FORMAT_BYTES);
    target.fill((byte) 0);
    MemorySegment.copy(ascii, 0, target, JAVA_BYTE, 0, ascii.length);
    memory.memory().set(JAVA_BYTE, codes() + index, code);
  }

  private String format(int index) {
    byte[] format =
        memory.memory().asSlice(formats() + 8L * index, FORMAT_BYTES).toArray(JAVA_BYTE);
    return new String(stripped(format), StandardCharsets.US_ASCII);
  }

  private long start(int index) {
    return 8L * (size + 2) + memory.memory().get(INT64, 8L * (index + 1));
  }

  private long formats() {
    return start(size);
  }

  private long codes() {
    return formats() + (long) FORMAT_BYTES * size;
  }

  /// Reads all elements.
  public List<@Nullable Object> toList() {
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(get(i));
    }
    return list;
  }

  /// Makes the list immutable, and visible to others. Freezing twice is fine.
  public void freeze() {
    memory.freeze();
  }

  /// Deletes the list; who has opened it keeps it until he closes it. Closes this.
  public void unlink() {
    memory.unlink();
  }

  /// Freezes the list, as Python does, and lets go of it. Closing twice is fine.
  @Override
  public void close() {
    memory.close();
  }

  @Override
  public String toString() {
    return "ShareableList[" + name() + ", " + size + " elements]";
  }
}
