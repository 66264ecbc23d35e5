package dev.vinery.arrow;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/// Hands over the batches of a table one by one. Nothing is copied. Confined to one thread at a
/// time.
final class TableReader extends ArrowReader {
  private final ArrowTable table;
  private int next;

  TableReader(ArrowTable table, BufferAllocator memory) {
    super(memory);
    this.table = table;
  }

  @Override
  protected Schema readSchema() {
    return table.schema();
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    prepareLoadNextBatch();
    if (next == table.batches().size()) {
      return false;
    }
    loadRecordBatch(new VectorUnloader(table.batches().get(next++)).getRecordBatch());
    return true;
  }

  @Override
  public long bytesRead() {
    return 0; // nothing is read from anywhere
  }

  @Override
  protected void closeReadSource() {
    // The table belongs to whoever made this.
  }
}
