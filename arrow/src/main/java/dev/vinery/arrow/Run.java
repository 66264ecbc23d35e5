package dev.vinery.arrow;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;

/// Elements of a vector that follow each other. Several runs make one stored array.
///
/// @param from index of the first
/// @param count how many
record Run(FieldVector vector, int from, int count) {
  private static final ValueLayout.OfLong WIDE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static Run of(FieldVector vector) {
    return new Run(vector, 0, vector.getValueCount());
  }

  static long length(List<Run> runs) {
    return runs.stream().mapToLong(Run::count).sum();
  }

  int nullCount() {
    if (count == vector.getValueCount()) {
      return vector.getNullCount();
    }
    int nulls = 0;
    for (int i = from; i < from + count; i++) {
      nulls += vector.isNull(i) ? 1 : 0;
    }
    return nulls;
  }

  /// Where an element begins among the bytes or values behind the offsets.
  ///
  /// @param index from 0 to the number of elements of the vector
  long offset(int index, boolean large) {
    ArrowBuf offsets = vector.getOffsetBuffer();
    if (vector.getValueCount() == 0) {
      return 0; // the buffer may be empty
    }
    return large
        ? offsets.getLong((long) index * Long.BYTES)
        : offsets.getInt((long) index * Integer.BYTES);
  }

  long start(boolean large) {
    return offset(from, large);
  }

  long end(boolean large) {
    return offset(from + count, large);
  }

  /// The elements of a list's vector of values that the lists of this run are made of.
  Run values(FieldVector values, boolean large) {
    long start = start(large);
    return new Run(values, (int) start, Math.toIntExact(end(large) - start));
  }

  /// Copies `sizeBytes` bytes of a buffer.
  static void copy(ArrowBuf buffer, long from, MemorySegment to, long at, long sizeBytes) {
    if (sizeBytes == 0) {
      return;
    }
    if (from < 0 || sizeBytes > buffer.capacity() - from) {
      throw new IllegalArgumentException(
          "a vector says that it has %d bytes from %d on, in a buffer of %d"
              .formatted(sizeBytes, from, buffer.capacity()));
    }
    MemorySegment target = to.asSlice(at, sizeBytes);
    MemoryUtil.copyMemory(buffer.memoryAddress() + from, target.address(), sizeBytes);
  }

  /// Writes the elements of all runs, each of `width` bytes.
  static void writeFixed(List<Run> runs, long width, MemorySegment to) {
    long at = 0;
    for (Run run : runs) {
      long sizeBytes = run.count * width;
      copy(run.vector.getDataBuffer(), run.from * width, to, at, sizeBytes);
      at += sizeBytes;
    }
  }

  /// Writes a bit for each element of all runs: whether it is there, or, if `values`, what it is.
  static void writeBits(List<Run> runs, boolean values, MemorySegment to) {
    Run first = runs.getFirst();
    if (runs.size() == 1 && first.from % 8 == 0) {
      ArrowBuf bits = values ? first.vector.getDataBuffer() : first.vector.getValidityBuffer();
      copy(bits, first.from / 8, to, 0, to.byteSize());
      return;
    }
    to.fill((byte) 0);
    long at = 0;
    for (Run run : runs) {
      ArrowBuf bits = values ? run.vector.getDataBuffer() : run.vector.getValidityBuffer();
      for (int i = run.from; i < run.from + run.count; i++) {
        if ((bits.getByte(i / 8) >> (i % 8) & 1) != 0) {
          byte present = to.get(ValueLayout.JAVA_BYTE, at / 8);
          to.set(ValueLayout.JAVA_BYTE, at / 8, (byte) (present | 1 << (int) (at % 8)));
        }
        at++;
      }
    }
  }

  /// Writes where each element of all runs begins, and where the last one ends, in 64 bits.
  static void writeOffsets(List<Run> runs, boolean large, MemorySegment to) {
    long at = 0;
    long base = 0;
    to.set(WIDE, 0, 0);
    for (Run run : runs) {
      long start = run.start(large);
      for (int i = 1; i <= run.count; i++) {
        at += Long.BYTES;
        to.set(WIDE, at, base + run.offset(run.from + i, large) - start);
      }
      base += run.end(large) - start;
    }
  }

  /// Writes what lies behind the offsets of all runs.
  static void writeData(List<Run> runs, boolean large, MemorySegment to) {
    long at = 0;
    for (Run run : runs) {
      long start = run.start(large);
      long sizeBytes = run.end(large) - start;
      copy(run.vector.getDataBuffer(), start, to, at, sizeBytes);
      at += sizeBytes;
    }
  }
}
