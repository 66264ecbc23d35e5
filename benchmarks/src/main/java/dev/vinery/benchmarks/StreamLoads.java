package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// W7: chunks of a stream, from one client to another. A step hands over one chunk: the writer gets
/// and fills the next, and the reader takes the one before. Neither ever waits for the other.
final class StreamLoads implements Suite {
  private static final int ROUND_TRIPS = 3; // get_next_chunk, pull_next_chunk, get_buffers
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  @Override
  public String id() {
    return "W7";
  }

  @Override
  public String title() {
    return "Streams: next chunk, copy, pull, buffer, and a look at three words";
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws PosixException {
    var content = new Content(MIB);
    for (long size : List.of(KIB, 64 * KIB, MIB)) {
      var load = Load.of("chunk of " + Figures.size(size), ROUND_TRIPS);
      report.add(
          daemons.compareOfficial(
              size == MIB ? load.moving(size) : load,
              content,
              (writer, side) -> new HandOver(writer, daemons.daemon(side).socket(), size)));
    }
  }

  /// Both ends of one stream.
  private static final class HandOver implements Worker {
    /// Names the streams, each one anew: when a connection ends, the official daemon drops the
    /// streams that it ever pulled from, by their ids and some time later. Nothing on the daemon
    /// needs to have such an id.
    private static final AtomicLong IDS = new AtomicLong(12345);

    private long stream;
    private final OfficialClient writer;
    private final Path socket;
    private final long sizeBytes;
    private @Nullable OfficialClient reader;

    HandOver(OfficialClient writer, Path socket, long sizeBytes) {
      this.writer = writer;
      this.socket = socket;
      this.sizeBytes = sizeBytes;
    }

    @Override
    public void prepare(int steps) throws PosixException {
      if (reader == null) {
        reader = OfficialClient.connect(socket);
      }
      stream = IDS.getAndIncrement();
      writer.createStream(stream);
      write();
    }

    @Override
    public void step(int index) throws PosixException {
      write();
      reader().pullChunk(stream, sizeBytes);
    }

    private OfficialClient reader() {
      return Objects.requireNonNull(reader, "steps come after their preparation");
    }

    private void write() throws PosixException {
      writer.nextChunk(stream, sizeBytes);
      writer.fillBuffer(sizeBytes);
    }

    @Override
    public void finish(int steps) throws PosixException {
      writer.dropStream(stream);
    }

    @Override
    public void close() {
      if (reader != null) {
        reader.close();
      }
      writer.close();
    }
  }
}
