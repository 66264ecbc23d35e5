package dev.vinery.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.vinery.benchmarks.EchoServer.Waiting;
import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.Frame;
import dev.vinery.protocol.JsonWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.TreeMap;

/// What the machine allows, measured in the same run as everything else, at its beginning and at
/// its end: no daemon can be quicker. Confined to one thread.
final class Floors {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  /// A call without a daemon's work.
  enum Call {
    PING_BLOCKED("ping-pong of 72 bytes, both ends sleep"),
    PING_POLLED("ping-pong of 72 bytes, both ends poll"),
    OFFICIAL_BLOCKED("the official client's calls, the server sleeps"),
    OFFICIAL_POLLED("the official client's calls, the server polls");

    private final String description;

    Call(String description) {
      this.description = description;
    }

    String description() {
      return description;
    }

    private Waiting waiting() {
      return this == PING_BLOCKED || this == OFFICIAL_BLOCKED ? Waiting.SLEEPING : Waiting.POLLING;
    }
  }

  private final Map<Call, List<Turn>> calls = new EnumMap<>(Call.class);
  private final NavigableMap<Long, List<Turn>> copies = new TreeMap<>();

  /// Measures all floors and adds to what was measured before.
  void measure(Run run) throws IOException, PosixException {
    try (var blocked = EchoProcess.start(Waiting.SLEEPING, run);
        var polled = EchoProcess.start(Waiting.POLLING, run)) {
      SequencedMap<Call, Comparison.Opening> openings = new LinkedHashMap<>();
      for (Call call : Call.values()) {
        Path socket = (call.waiting() == Waiting.SLEEPING ? blocked : polled).socket();
        openings.put(call, _ -> open(call, socket));
      }
      run.comparison().run(Load.of("call", 1), openings).turns().forEach(this::add);
    }
    List<Long> sizes =
        run.options().quick() ? List.of(64 * MIB) : List.of(64 * MIB, 256 * MIB, GIB);
    var content = new Content(sizes.getLast());
    for (long size : sizes) {
      var load = Load.of("copy " + Figures.size(size), 0).moving(size);
      SequencedMap<Long, Comparison.Opening> one = new LinkedHashMap<>();
      one.put(size, _ -> new Copying(content, size));
      addCopies(size, run.comparison().run(load, one).turns(size));
    }
  }

  private static Worker open(Call call, Path socket) throws PosixException {
    return switch (call) {
      case PING_BLOCKED, PING_POLLED -> new Pinging(socket, call.waiting());
      case OFFICIAL_BLOCKED, OFFICIAL_POLLED -> new Calling(socket);
    };
  }

  void add(Call call, List<Turn> turns) {
    calls.computeIfAbsent(call, _ -> new ArrayList<>()).addAll(turns);
  }

  /// @param sizeBytes what each step of these turns copied
  void addCopies(long sizeBytes, List<Turn> turns) {
    copies.computeIfAbsent(sizeBytes, _ -> new ArrayList<>()).addAll(turns);
  }

  /// The shortest time in which the official client can make a call here.
  double officialCallNanos() {
    return Math.min(
        p50Nanos(Call.OFFICIAL_BLOCKED).median(), p50Nanos(Call.OFFICIAL_POLLED).median());
  }

  /// The speed at which memory is copied, in bytes per second.
  ///
  /// @param sizeBytes the longest measured copy that is not longer counts, or else the shortest
  double copyBytesPerSecond(long sizeBytes) {
    Map.Entry<Long, List<Turn>> shorter = copies.floorEntry(sizeBytes);
    Map.Entry<Long, List<Turn>> chosen = shorter == null ? copies.firstEntry() : shorter;
    return chosen.getKey() * Spread.of(chosen.getValue(), Turn::perSecond).median();
  }

  private Spread p50Nanos(Call call) {
    return Spread.of(calls.getOrDefault(call, List.of()), Turn::p50Nanos);
  }

  @Override
  public String toString() {
    var latency = new MarkdownTable("call without work", "p50 µs", "range", "p99 µs");
    calls.forEach((call, turns) -> {
      Spread p50 = Spread.of(turns, Turn::p50Nanos);
      latency.row(
          call.description(),
          Figures.micros(p50.median()),
          Figures.micros(p50.min()) + "–" + Figures.micros(p50.max()),
          Figures.micros(Spread.of(turns, Turn::p99Nanos).median()));
    });
    var bandwidth = new MarkdownTable("copy into warm shared memory", "speed", "range");
    copies.forEach((size, turns) -> {
      Spread speed = Spread.of(turns, turn -> size * turn.perSecond());
      bandwidth.row(
          Figures.size(size),
          Figures.gigabytes(speed.median()),
          Figures.gigabytes(speed.min()) + "–" + Figures.gigabytes(speed.max()));
    });
    return latency + "\n" + bandwidth;
  }

  /// Sends a frame and waits for the one that comes back, with one system call for each.
  private static final class Pinging implements Worker {
    private final Waiting waiting;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(EchoServer.FRAME_BYTES, Long.BYTES);
    private final int fd;

    Pinging(Path socket, Waiting waiting) throws PosixException {
      this.waiting = waiting;
      this.fd = UnixSocket.socket();
      UnixSocket.connect(fd, socket);
      buffer.set(JAVA_LONG, 0, EchoServer.FRAME_BYTES - Frame.HEADER_BYTES);
    }

    @Override
    public void step(int index) throws PosixException {
      UnixSocket.send(fd, buffer, 0, EchoServer.FRAME_BYTES);
      EchoServer.receive(fd, buffer, 0, EchoServer.FRAME_BYTES, waiting);
    }

    @Override
    public void close() {
      Descriptor.close(fd);
      arena.close();
    }
  }

  /// Makes calls as the official client does.
  private static final class Calling implements Worker {
    private final OfficialConnection connection;
    private final JsonWriter request = new JsonWriter();

    Calling(Path socket) throws PosixException {
      connection = new OfficialConnection(socket);
      request.beginFrame();
      request.beginObject().field("type", "instance_status_request").endObject();
      request.endFrame();
    }

    @Override
    public void step(int index) throws PosixException {
      connection.call(request);
    }

    @Override
    public void close() {
      connection.close();
    }
  }

  /// Copies into shared memory that is there already.
  private static final class Copying implements Worker {
    private final Content content;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment target;

    Copying(Content content, long sizeBytes) throws PosixException {
      this.content = content;
      int fd = SharedMemory.memfdCreate("benchmark-floor");
      try {
        SharedMemory.truncate(fd, sizeBytes);
        target = SharedMemory.map(fd, sizeBytes, true, arena);
      } finally {
        Descriptor.close(fd);
      }
    }

    @Override
    public void step(int index) {
      content.fill(target, 0, target.byteSize());
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
