package dev.vinery.cli;

import dev.vinery.types.ElementType;
import dev.vinery.types.Tensor;
import dev.vinery.types.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// NumPy's file of one array.
///
/// ```
/// 6 bytes        0x93 and "NUMPY"
/// 2 bytes        version, 1.0 to 3.0
/// 2 or 4 bytes   length of the header; 4 from version 2 on, little-endian
/// text           {'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }, blanks, a line's end
/// bytes          the elements
/// ```
///
/// Source: NumPy's `numpy/lib/format.py`.
final class NpyFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /// What the part in front of the elements is a multiple of.
  private static final int ALIGNMENT = 64;

  /// Bytes of a header. NumPy itself writes some hundred.
  private static final int MAX_HEADER_BYTES = 1 << 16;

  private static final Pattern TYPE = Pattern.compile("'descr': *'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order': *(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([0-9, ]*)\\)");

  private static final Pattern EXTENT = Pattern.compile("[0-9]+");

  private NpyFile() {}

  /// Reads an array in place.
  ///
  /// @param file for messages
  /// @return a [Tensor], or of an array in column-major order a [TensorView]
  /// @throws FileException if the bytes are no such file, or the elements no numbers
  static Object read(Path file, MemorySegment bytes) {
    int fixedBytes = MAGIC.length + 4;
    if (bytes.byteSize() < fixedBytes + 2
        || bytes.asSlice(0, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) >= 0) {
      throw new FileException(file + " is no file of NumPy's");
    }
    int version = bytes.get(ValueLayout.JAVA_BYTE, MAGIC.length);
    ByteBuffer start = bytes.asSlice(0, fixedBytes + 2).asByteBuffer();
    start.order(ByteOrder.LITTLE_ENDIAN);
    long from = version == 1 ? fixedBytes : fixedBytes + 2;
    long length =
        version == 1
            ? Short.toUnsignedLong(start.getShort(MAGIC.length + 2))
            : Integer.toUnsignedLong(start.getInt(MAGIC.length + 2));
    if (version < 1
        || version > 3
        || length > MAX_HEADER_BYTES
        || length > bytes.byteSize() - from) {
      throw new FileException(file + " is cut off, or of a version that is not known");
    }
    byte[] text = bytes.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
    String header = new String(text, StandardCharsets.UTF_8);
    return array(file, header, bytes.asSlice(from + length));
  }

  private static Object array(Path file, String header, MemorySegment elements) {
    String code = field(file, header, TYPE);
    ElementType type =
        ElementType.findCode(code)
            .orElseThrow(
                () -> new FileException(file + " has elements of type " + code + ", no numbers"));
    try {
      List<Long> shape = new ArrayList<>();
      Matcher extents = EXTENT.matcher(field(file, header, SHAPE));
      while (extents.find()) {
        shape.add(Long.parseLong(extents.group()));
      }
      return field(file, header, ORDER).equals("True")
          ? TensorView.columnMajor(type, shape, elements)
          : Tensor.of(type, shape, elements);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new FileException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static String field(Path file, String header, Pattern pattern) {
    Matcher field = pattern.matcher(header);
    if (!field.find()) {
      throw new FileException(file + " has a header that cannot be read: " + header.strip());
    }
    return field.group(1);
  }

  /// What stands in front of the elements of a tensor.
  static MemorySegment header(Tensor tensor) {
    String shape =
        tensor.shape().stream().map(extent -> extent + ",").collect(Collectors.joining(" "));
    String text =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
            .formatted(tensor.elementType().numpyCode(), shape);
    int unpadded = MAGIC.length + 4 + text.length() + 1;
    String padded = text + " ".repeat(Math.floorMod(-unpadded, ALIGNMENT)) + "\n";
    ByteBuffer header =
        ByteBuffer.allocate(MAGIC.length + 4 + padded.length())
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC)
            .put((byte) 1)
            .put((byte) 0)
            .putShort((short) padded.length())
            .put(padded.getBytes(StandardCharsets.US_ASCII));
    return MemorySegment.ofArray(header.array());
  }
}
