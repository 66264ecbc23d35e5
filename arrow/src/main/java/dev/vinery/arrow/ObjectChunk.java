package dev.vinery.arrow;

import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.types.DataFrame;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/// A chunk that is an object: a record batch, a table of some, or a data frame, which is copied.
final class ObjectChunk implements BatchChunk {
  private static final String FRAME_TYPE = "vineyard::DataFrame";

  private final ArrowTable table;
  private int loaded;

  private ObjectChunk(ArrowTable table) {
    this.table = table;
  }

  /// Takes over a chunk.
  ///
  /// @throws IOException if it is something else
  static BatchChunk open(VineryObject chunk, BufferAllocator memory) throws IOException {
    if (chunk.typeName().equals(FRAME_TYPE)) {
      return ofFrame(chunk, memory);
    }
    Supplier<BufferAllocator> views = () -> memory;
    List<Resolver> resolvers = TableResolvers.all(views).toList();
    for (Resolver resolver : resolvers) {
      if (chunk.typeName().equals(resolver.typeNamePrefix())
          && resolver.resolve(chunk, ArrowTable.class) instanceof ArrowTable table) {
        return new ObjectChunk(table);
      }
    }
    chunk.close();
    throw new IOException(
        "chunk " + chunk.id() + " is a " + chunk.typeName() + " and no batch that can be read");
  }

  private static ObjectChunk ofFrame(VineryObject chunk, BufferAllocator memory)
      throws IOException {
    try (chunk;
        DataFrame frame = chunk.value(DataFrame.class)) {
      return new ObjectChunk(ArrowTable.copyOf(frame, memory));
    } catch (IllegalArgumentException e) {
      throw new IOException("chunk " + chunk.id() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Schema schema() {
    return table.schema();
  }

  @Override
  public boolean load(BatchReader into) throws IOException {
    if (loaded == table.batches().size()) {
      return false;
    }
    VectorSchemaRoot root = into.getVectorSchemaRoot();
    VectorSchemaRoot batch = table.batches().get(loaded++);
    for (int i = 0; i < batch.getFieldVectors().size(); i++) {
      batch.getVector(i).makeTransferPair(root.getVector(i)).transfer();
    }
    root.setRowCount(batch.getRowCount());
    return true;
  }

  @Override
  public void close() {
    table.close();
  }
}
