package dev.vinery.parquet;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/// A reader that stays open when whoever it is lent to closes it. Confined to one thread at a time.
final class Borrowed extends ArrowReader {
  private final ArrowReader lender;

  Borrowed(ArrowReader lender, BufferAllocator memory) {
    super(memory);
    this.lender = lender;
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
    return lender.getVectorSchemaRoot();
  }

  @Override
  protected Schema readSchema() throws IOException {
    return lender.getVectorSchemaRoot().getSchema();
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    return lender.loadNextBatch();
  }

  @Override
  public long bytesRead() {
    return lender.bytesRead();
  }

  @Override
  public void close() {
    // It belongs to the lender.
  }

  @Override
  protected void closeReadSource() {
    // See close().
  }
}
