package dev.vinery.arrow;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/// A column in several pieces: vectors of one type that stand for one behind the other. Immutable.
///
/// There is no stored type for it: what is put is one array of all elements, as C++ does it.
///
/// @param chunks at least one; they belong to whoever made them
public record ChunkedVector(List<FieldVector> chunks) {
  /// @throws IllegalArgumentException if there is no chunk, or their types differ
  public ChunkedVector {
    chunks = List.copyOf(chunks);
    if (chunks.isEmpty()) {
      throw new IllegalArgumentException("a column needs at least one chunk, which has its type");
    }
    Field first = chunks.getFirst().getField();
    for (FieldVector chunk : chunks) {
      if (!chunk.getField().getType().equals(first.getType())
          || !chunk.getField().getChildren().equals(first.getChildren())) {
        throw new IllegalArgumentException(
            "a chunk of " + chunk.getField() + " stands among chunks of " + first);
      }
    }
  }

  /// Name, type and metadata.
  public Field field() {
    return chunks.getFirst().getField();
  }

  /// How many elements all chunks have.
  public long length() {
    return chunks.stream().mapToLong(FieldVector::getValueCount).sum();
  }

  /// Reads an element as [ArrowValues] does.
  ///
  /// @param index from 0 to [#length()] - 1
  /// @return null if it is missing
  public @Nullable Object value(long index) {
    long left = index;
    for (FieldVector chunk : chunks) {
      if (left >= 0 && left < chunk.getValueCount()) {
        return ArrowValues.value(chunk, (int) left);
      }
      left -= chunk.getValueCount();
    }
    throw new IndexOutOfBoundsException("there is no element " + index + " of " + length());
  }
}
