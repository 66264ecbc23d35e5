package dev.vinery.io;

import dev.vinery.arrow.BatchReader;
import dev.vinery.arrow.DataFrameStream;
import dev.vinery.arrow.RecordBatchStream;
import dev.vinery.client.Client;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.ByteStream;
import dev.vinery.types.StoredStream;
import dev.vinery.types.StreamCollection;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/// Writes streams to files. All parts of a collection are read side by side, because their writers
/// share the daemon's memory: one that nobody reads could hold up all others.
final class StreamSaving {
  private final Client client;
  private final Driver driver;
  private final Meter meter;

  StreamSaving(Client client, Driver driver, Meter meter) {
    this.client = client;
    this.driver = driver;
    this.meter = meter;
  }

  void save(ObjectId id, Location location) throws IOException, InterruptedException {
    List<StoredStream> streams = new ArrayList<>();
    boolean several = collect(id, streams);
    List<Writing> writings = new ArrayList<>();
    boolean complete = false;
    try {
      List<Crew.Task> tasks = new ArrayList<>();
      for (int i = 0; i < streams.size(); i++) {
        StoredStream stream = streams.get(i);
        Writing writing = driver.write(several ? numbered(location, i) : location);
        writings.add(writing);
        tasks.add(() -> copy(stream, writing));
      }
      run(tasks, streams);
      for (Writing writing : writings) {
        writing.finish();
      }
      complete = true;
    } finally {
      for (Writing writing : writings) {
        writing.close();
      }
      if (!complete) {
        drop(streams);
      }
    }
  }

  private void run(List<Crew.Task> tasks, List<StoredStream> streams)
      throws IOException, InterruptedException {
    List<Crew.Task> dropping = new ArrayList<>();
    for (Crew.Task task : tasks) {
      dropping.add(() -> {
        boolean done = false;
        try {
          task.run();
          done = true;
        } finally {
          if (!done) {
            drop(streams); // which wakes all others
          }
        }
      });
    }
    var crew = new Crew(tasks.size(), dropping, false);
    crew.start();
    try {
      crew.join();
    } catch (InterruptedException e) {
      drop(streams);
      throw e;
    } finally {
      crew.close();
    }
  }

  private void drop(List<StoredStream> streams) {
    Cleanup.run(
        () -> OpenedStream.dropAll(client, streams.stream().map(StoredStream::id).toList()));
  }

  /// @return whether there may be several
  private boolean collect(ObjectId id, List<StoredStream> streams) {
    Object value = client.get(id);
    switch (value) {
      case StoredStream stream -> streams.add(stream);
      case StreamCollection collection -> {
        collection.streamIds().forEach(each -> collect(each, streams));
        return true;
      }
      default ->
          throw new IllegalArgumentException(
              id + " is no stream but a " + client.getMetadata(id).typeName());
    }
    return false;
  }

  private static Location numbered(Location location, int number) {
    return new Location(location.scheme(), location.path() + "_" + number, location.options());
  }

  private void copy(StoredStream stream, Writing writing) throws IOException {
    try (BufferAllocator memory = Drivers.memory()) {
      switch (stream) {
        case DataFrameStream frames -> {
          try (BatchReader reader = frames.read(client, memory)) {
            writing.write(new Metered(reader, memory));
          }
        }
        case RecordBatchStream batches -> {
          try (BatchReader reader = batches.read(client, memory)) {
            writing.write(new Metered(reader, memory));
          }
        }
        case ByteStream bytes -> {
          try (InputStream reader = new CountedStream(bytes.read(client), meter::addBytes)) {
            writing.write(reader);
          }
        }
        default ->
            throw new IllegalArgumentException(
                stream.id() + " is a stream of which nobody knows how to write it");
      }
    }
  }

  /// A reader whose rows and bytes are counted.
  private final class Metered extends ArrowReader {
    private final BatchReader reader;
    private long bytesCounted;

    private Metered(BatchReader reader, BufferAllocator memory) {
      super(memory);
      this.reader = reader;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
      return reader.getVectorSchemaRoot();
    }

    @Override
    protected Schema readSchema() throws IOException {
      return reader.getVectorSchemaRoot().getSchema();
    }

    @Override
    public boolean loadNextBatch() throws IOException {
      boolean loaded = reader.loadNextBatch();
      if (loaded) {
        meter.addRows(reader.getVectorSchemaRoot().getRowCount());
        meter.addBytes(reader.bytesRead() - bytesCounted);
        bytesCounted = reader.bytesRead();
      }
      return loaded;
    }

    @Override
    public long bytesRead() {
      return reader.bytesRead();
    }

    @Override
    public void close() {
      // The reader belongs to whoever opened it.
    }

    @Override
    protected void closeReadSource() {
      // See close().
    }
  }
}
