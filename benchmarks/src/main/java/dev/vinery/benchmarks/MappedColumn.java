package dev.vinery.benchmarks;

import dev.vinery.arrow.ArrowTable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowBuffer;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/// A column of numbers in an Arrow file that is mapped and not copied, as the readers of other
/// languages have it. Confined to one thread.
final class MappedColumn implements AutoCloseable {
  private static final int BUFFERS_PER_COLUMN = 2; // what is there, and the numbers

  private final Arena arena;
  private final Float8Vector vector;

  private MappedColumn(Arena arena, Float8Vector vector) {
    this.arena = arena;
    this.vector = vector;
  }

  /// @param table what was written into the file, in one batch of columns of numbers
  /// @param column counts from 0
  static MappedColumn open(Path file, ArrowTable table, int column, BufferAllocator memory)
      throws IOException {
    List<ArrowBuffer> layout;
    try (var batch = new VectorUnloader(table.batches().getFirst()).getRecordBatch()) {
      layout = batch.getBuffersLayout(); // the same in the file, from where the batch's body begins
    }
    var arena = Arena.ofShared();
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      MemorySegment body = mapped.asSlice(start(channel, memory));
      var vector = new Float8Vector("mapped", memory);
      try (ArrowBuf present = buffer(body, layout.get(BUFFERS_PER_COLUMN * column), memory);
          ArrowBuf numbers = buffer(body, layout.get(BUFFERS_PER_COLUMN * column + 1), memory)) {
        int rows = Math.toIntExact(table.rowCount());
        vector.loadFieldBuffers(new ArrowFieldNode(rows, 0), List.of(present, numbers));
      }
      return new MappedColumn(arena, vector);
    }
  }

  /// Where the body of the first batch begins.
  private static long start(FileChannel channel, BufferAllocator memory) throws IOException {
    var reader = new ArrowFileReader(channel, memory); // whoever opened the channel closes it
    ArrowBlock block = reader.getRecordBlocks().getFirst();
    return block.getOffset() + block.getMetadataLength();
  }

  private static ArrowBuf buffer(MemorySegment body, ArrowBuffer place, BufferAllocator memory) {
    MemorySegment part = body.asSlice(place.getOffset(), place.getSize());
    return memory.wrapForeignAllocation(
        new ForeignAllocation(part.byteSize(), part.address()) {
          @Override
          protected void release0() {
            // The mapping ends with the arena.
          }
        });
  }

  /// The column, which belongs to this.
  Float8Vector vector() {
    return vector;
  }

  @Override
  public void close() {
    vector.close();
    arena.close();
  }
}
