package dev.vinery.types;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// NumPy's strings of a fixed number of characters, four bytes each, filled up with zeros.
final class FixedTexts {
  private static final Charset UTF_32 = Charset.forName("UTF-32LE");
  private static final int CHARACTER_BYTES = 4;

  private FixedTexts() {}

  /// @param characters of one string
  /// @throws IllegalArgumentException if there are too few bytes for the shape
  static ObjectTensor read(List<Long> shape, int characters, MemorySegment bytes) {
    long count = Tensor.elementCount(shape);
    long sizeBytes = (long) characters * CHARACTER_BYTES;
    if (characters < 0 || Math.multiplyExact(count, Math.max(1, sizeBytes)) > bytes.byteSize()) {
      throw new IllegalArgumentException(
          "%d strings of %d characters need more than %d bytes"
              .formatted(count, characters, bytes.byteSize()));
    }
    List<@Nullable Object> texts = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      byte[] utf32 = bytes.asSlice(i * sizeBytes, sizeBytes).toArray(ValueLayout.JAVA_BYTE);
      String text = new String(utf32, UTF_32);
      int end = text.length();
      while (end > 0 && text.charAt(end - 1) == 0) {
        end--;
      }
      texts.add(text.substring(0, end));
    }
    return ObjectTensor.of(shape, texts);
  }
}
