package dev.vinery.conformance;

import dev.vinery.arrow.ArrowFiles;
import dev.vinery.arrow.ArrowTable;
import dev.vinery.client.Client;
import dev.vinery.protocol.ObjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Arrow values that the matrix exchanges: those that Python lists, made of files that it writes.
final class ArrowMatrix {
  private static final String MODULE = "arrow_matrix";

  private ArrowMatrix() {}

  /// Has Python write its values into a folder.
  static MatrixFamily family(Path folder) throws IOException, InterruptedException {
    var values = new LinkedHashMap<String, Object>();
    for (String line : PythonProcess.run(MODULE + ".py", folder)) {
      List<String> parts = List.of(line.split("\t", 2));
      var file = folder.resolve(values.size() + ".arrow");
      values.put(parts.getFirst(), new Value(parts.getLast(), file));
    }
    return new MatrixFamily(MODULE, values, contents -> contents);
  }

  /// A value that stands in a file.
  ///
  /// @param kind what it is: vector, chunks, schema, batch, table or polars
  private record Value(String kind, Path file) implements Exchanged {
    @Override
    public ObjectId put(Client client) {
      try (BufferAllocator memory = new RootAllocator();
          ArrowTable table = ArrowFiles.read(file, memory)) {
        return client.put(of(table));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Object get(Client client, ObjectId id) {
      return ArrowContents.closing(client.get(id));
    }

    @Override
    public Object wanted() {
      try (BufferAllocator memory = new RootAllocator();
          ArrowTable table = ArrowFiles.read(file, memory)) {
        Object value = of(table);
        // What is stored of chunks is one vector.
        return kind.equals("chunks") ? ArrowContents.column(table, 0) : ArrowContents.of(value);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Object of(ArrowTable table) {
      return switch (kind) {
        case "vector" -> table.column(0).chunks().getFirst();
        case "chunks" -> table.column(0);
        case "schema" -> table.schema();
        case "batch" -> table.batches().getFirst();
        case "table" -> table;
        case "polars" -> table.asPolars();
        default -> throw new AssertionError("no kind of Arrow value: " + kind);
      };
    }
  }
}
