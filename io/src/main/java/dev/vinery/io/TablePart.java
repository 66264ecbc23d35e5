package dev.vinery.io;

import dev.vinery.arrow.ArrowFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/// Files that hold tables already, one after the other. Immutable.
record TablePart(List<LocalCopy> files, Opener opener) implements BatchPart {
  /// Rows of a batch, at most.
  static final int BATCH_ROWS = 1 << 16;

  /// Opens one file.
  interface Opener {
    ArrowReader open(Path file, BufferAllocator memory) throws IOException;
  }

  TablePart {
    files = List.copyOf(files);
  }

  @Override
  public void read(BatchSink sink) throws IOException {
    boolean first = true;
    for (LocalCopy file : files) {
      try (LocalCopy.Held held = file.hold();
          ArrowReader reader = opener.open(held.path(), sink.allocator())) {
        copy(reader, sink, first);
        sink.advance(Math.max(0, file.file().sizeBytes()));
        first = false;
      } catch (IOException e) {
        throw Failures.in(file.file().name(), e);
      } catch (dev.vinery.protocol.StoreException e) {
        throw e;
      } catch (RuntimeException e) {
        // Readers trust their files: wrong ones end in any exception.
        throw new IOException(file.file().name() + ": it is damaged: " + e.getMessage(), e);
      }
    }
  }

  /// @param first whether a batch must be written, so that readers know the columns
  private static void copy(ArrowReader reader, BatchSink sink, boolean first) throws IOException {
    VectorSchemaRoot root = reader.getVectorSchemaRoot();
    boolean any = false;
    while (reader.loadNextBatch()) {
      try (VectorSchemaRoot batch = ArrowFiles.taken(root, reader, sink.allocator())) {
        sink.write(batch);
      }
      any = true;
    }
    if (first && !any) {
      try (VectorSchemaRoot batch = ArrowFiles.taken(root, reader, sink.allocator())) {
        sink.write(batch);
      }
    }
  }
}
