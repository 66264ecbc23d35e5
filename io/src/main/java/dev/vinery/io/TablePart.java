package dev.vinery.io;

import dev.vinery.arrow.ArrowFiles;
import dev.vinery.arrow.RowRange;
import dev.vinery.arrow.TableFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/// Files that hold tables already, or groups of their rows, one after the other. Immutable.
record TablePart(List<Piece> pieces, Opener opener) implements BatchPart {
  /// Rows of a batch, at most.
  static final int BATCH_ROWS = 1 << 16;

  /// Opens one file.
  interface Opener {
    ArrowReader open(Path file, BufferAllocator memory, RowRange rows) throws IOException;
  }

  /// Some of a file.
  ///
  /// @param sizeBytes about how much of the file that is, in bytes
  record Piece(LocalCopy file, RowRange rows, long sizeBytes) {
    static Piece whole(LocalCopy file) {
      return new Piece(file, RowRange.ALL, Math.max(0, file.file().sizeBytes()));
    }

    /// Whether another piece begins where this one ends.
    private boolean continues(Piece next) {
      return file.equals(next.file) && rows.to() == next.rows.from();
    }
  }

  TablePart {
    pieces = List.copyOf(pieces);
  }

  /// A piece for each group of rows of a file that lies here; at least one.
  ///
  /// @throws IOException if the file cannot be read; the message names it
  static List<Piece> pieces(LocalCopy copy, TableFormat format) throws IOException {
    try (LocalCopy.Held held = copy.hold()) {
      List<RowRange> groups = format.groups(held.path());
      if (groups.isEmpty()) {
        return List.of(Piece.whole(copy));
      }
      long rows = Math.max(1, groups.getLast().to());
      double bytesPerRow = copy.file().sizeBytes() / (double) rows;
      return groups.stream()
          .map(group -> new Piece(copy, group, (long) (bytesPerRow * (group.to() - group.from()))))
          .toList();
    } catch (IOException e) {
      throw Failures.in(copy.file().name(), e);
    }
  }

  /// The same pieces, those that follow each other in one file as one.
  static List<Piece> joined(List<Piece> pieces) {
    List<Piece> joined = new ArrayList<>();
    for (Piece piece : pieces) {
      if (!joined.isEmpty() && joined.getLast().continues(piece)) {
        Piece last = joined.removeLast();
        var rows = new RowRange(last.rows.from(), piece.rows.to());
        joined.add(new Piece(last.file, rows, last.sizeBytes + piece.sizeBytes));
      } else {
        joined.add(piece);
      }
    }
    return joined;
  }

  @Override
  public void read(BatchSink sink) throws IOException {
    boolean first = true;
    for (Piece piece : pieces) {
      LocalCopy file = piece.file();
      try (LocalCopy.Held held = file.hold();
          ArrowReader reader = opener.open(held.path(), sink.allocator(), piece.rows())) {
        copy(reader, sink, first);
        sink.advance(piece.sizeBytes());
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
