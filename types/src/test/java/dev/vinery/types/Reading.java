package dev.vinery.types;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads and closes values of any family.
final class Reading {
  private Reading() {}

  /// Reads every byte of a value, in every way there is.
  static void everything(@Nullable Object value) {
    switch (value) {
      case Column column -> column(column);
      case DataFrame frame -> {
        frame.columns().values().forEach(Reading::column);
        frame.index().ifPresent(Reading::column);
        assertPrints(frame);
      }
      case Series series -> {
        column(series.values());
        series.index().ifPresent(Reading::everything);
        assertPrints(series);
      }
      case Index index -> column(index.labels());
      case SparseMatrix matrix -> {
        matrix.forEach((_, _, index) -> matrix.values().getDouble(index));
        matrix.storedCount();
        assertPrints(matrix);
      }
      case GlobalTensor tensor -> parts(tensor, tensor.partitions());
      case GlobalDataFrame frame -> parts(frame, frame.partitions());
      case ObjectCollection collection -> parts(collection, collection.partitions());
      case SharedMemory memory -> everything(memory.memory());
      case ShareableList list -> everything(list.toList());
      case MemorySegment bytes -> bytes.toArray(ValueLayout.JAVA_BYTE);
      case List<?> list -> list.forEach(Reading::everything);
      case Map<?, ?> map -> map.values().forEach(Reading::everything);
      case Pair(var first, var second) -> {
        everything(first);
        everything(second);
      }
      case null, default -> assertPrints(String.valueOf(value));
    }
  }

  private static void parts(Object whole, List<Partition> parts) {
    assertPrints(whole);
    for (Partition part : parts) {
      assertPrints(part);
      Object value = part.value(Object.class);
      try {
        everything(value);
      } finally {
        close(value);
      }
    }
  }

  private static void column(Column column) {
    for (long i = 0; i < column.length(); i++) {
      column.isMissing(i);
      column.format(i);
    }
    if (column instanceof Tensor tensor && tensor.length() > 0) {
      tensor.getLong(tensor.length() - 1);
      tensor.view().copyTo(MemorySegment.ofArray(new byte[(int) tensor.values().byteSize()]));
    }
    assertPrints(column);
  }

  private static void assertPrints(Object value) {
    if (value.toString().isEmpty() && !(value instanceof String)) {
      throw new AssertionError("a value that prints as nothing");
    }
  }

  /// Closes all parts of a value that hold memory.
  static void close(@Nullable Object value) {
    for (AutoCloseable part : closeable(value)) {
      try {
        part.close();
      } catch (Exception e) {
        throw new AssertionError("closing a " + part.getClass().getTypeName(), e);
      }
    }
  }

  /// The parts of a value that hold memory, itself included.
  static List<AutoCloseable> closeable(@Nullable Object value) {
    List<AutoCloseable> parts = new ArrayList<>();
    if (value instanceof AutoCloseable part) {
      parts.add(part);
    } else if (value instanceof Iterable<?> items) {
      items.forEach(item -> parts.addAll(closeable(item)));
    }
    return parts;
  }
}
