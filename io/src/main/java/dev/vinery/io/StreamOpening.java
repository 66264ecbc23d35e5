package dev.vinery.io;

import dev.vinery.arrow.BatchWriter;
import dev.vinery.arrow.DataFrameStream;
import dev.vinery.client.Client;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreException;
import dev.vinery.types.ByteStream;
import dev.vinery.types.ByteStreamWriter;
import dev.vinery.types.StreamCollection;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/// Begins streams of what a driver has found.
final class StreamOpening {
  private final Client client;
  private final Meter meter;
  private final Map<String, Json> parameters = new HashMap<>();
  private final List<ObjectId> streams = new ArrayList<>();
  private final List<Crew.Task> tasks = new ArrayList<>();

  private StreamOpening(Client client, Reading reading, Meter meter) {
    this.client = client;
    this.meter = meter;
    reading.parameters().forEach((name, value) -> parameters.put(name, new Json.Text(value)));
  }

  static OpenedStream begin(Client client, Reading reading, Meter meter) {
    var opening = new StreamOpening(client, reading, meter);
    boolean begun = false;
    try {
      switch (reading) {
        case Reading.Batches batches -> batches.parts().forEach(opening::addBatches);
        case Reading.Bytes bytes -> bytes.parts().forEach(opening::addBytes);
      }
      ObjectId id =
          opening.streams.size() == 1
              ? opening.streams.getFirst()
              : client.put(StreamCollection.of(opening.streams));
      var crew = new Crew(opening.tasks.size(), opening.tasks, true);
      crew.start();
      begun = true;
      return new OpenedStream(client, id, opening.streams, meter, crew);
    } finally {
      if (!begun) {
        OpenedStream.dropAll(client, opening.streams);
      }
    }
  }

  private void addBatches(BatchPart part) {
    DataFrameStream stream = DataFrameStream.create(client, parameters);
    streams.add(stream.id());
    BatchWriter writer = stream.write(client); // now, so that its reader is told if this ends
    tasks.add(() -> {
      try (writer;
          BufferAllocator memory = Drivers.memory()) {
        run(() -> part.read(new StreamSink(writer, memory, meter)), writer::finish, writer::fail);
      }
    });
  }

  private void addBytes(BytePart part) {
    ByteStream stream = ByteStream.create(client, parameters);
    streams.add(stream.id());
    ByteStreamWriter writer = stream.write(client);
    tasks.add(() -> {
      try (writer) {
        run(() -> part.read(new Unclosed(writer)), writer::finish, writer::fail);
      }
    });
  }

  private interface Failing {
    void fail(String reason);
  }

  private static void run(Crew.Task read, Runnable finish, Failing failing) throws IOException {
    try {
      read.run();
      finish.run();
    } catch (StoreException e) {
      throw e; // the stream has ended, or the daemon is gone: there is nobody to tell
    } catch (IOException | RuntimeException e) {
      boolean stopped = Thread.interrupted();
      try {
        failing.fail(stopped ? "its driver was stopped" : Failures.reason(e));
      } catch (StoreException ended) {
        e.addSuppressed(ended);
      }
      throw e;
    }
  }

  /// What a part writes to, which ends the stream itself.
  private final class Unclosed extends OutputStream {
    private final OutputStream out;

    private Unclosed(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      meter.addBytes(1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      meter.addBytes(length);
    }
  }
}
