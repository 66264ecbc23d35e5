package dev.vinery.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.vinery.posix.PosixException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// W9: put and get of bare blobs over TCP, on this host. Large ones beside two plain sockets, which
/// do nothing but send and receive as many bytes.
final class RemoteLoads implements Suite {
  private static final long SMALL_BYTES = 64;
  private static final long MIB = 1 << 20;

  @Override
  public String id() {
    return "W9";
  }

  @Override
  public String title() {
    return "Blobs over TCP";
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws PosixException {
    long large = daemons.options().quick() ? 64 * MIB : 256 * MIB;
    MemorySegment random = Arena.ofAuto().allocate(large, Long.BYTES);
    MemorySegment small = random.asSlice(0, SMALL_BYTES);
    MemorySegment compressible = Arena.ofAuto().allocate(large, Long.BYTES);
    var numbers = new RandomNumbers(1);
    for (long offset = 0; offset < large; offset += Long.BYTES) {
      random.set(JAVA_LONG, offset, numbers.next());
      compressible.set(JAVA_LONG, offset, numbers.next() & 0xFF);
    }
    compare("put 64 B", small, false, true, daemons, report);
    compare("get 64 B", small, false, false, daemons, report);
    String size = Figures.size(large);
    for (boolean put : List.of(true, false)) {
      String what = (put ? "put " : "get ") + size;
      compare(what, random, false, put, daemons, report);
      compare(what + ", compressed, random", random, true, put, daemons, report);
      compare(what + ", compressed, small numbers", compressible, true, put, daemons, report);
    }
    report.add(plainSockets(random, daemons));
  }

  private static void compare(
      String name,
      MemorySegment bytes,
      boolean compressed,
      boolean put,
      SideBySide daemons,
      SuiteReport report)
      throws PosixException {
    Load load = Load.of(name, 0);
    Load sized =
        bytes.byteSize() == SMALL_BYTES
            ? load.withSteps(5, 2_000)
            : load.moving(bytes.byteSize()).withSteps(2, 2);
    SequencedMap<Contender, Comparison.Opening> contenders = new LinkedHashMap<>();
    for (Side side : Side.values()) {
      contenders.put(
          new Contender(ClientKind.OFFICIAL, side),
          _ -> {
            var client = RemoteClient.connect(daemons.daemon(side).address());
            return put
                ? new Putting(client, bytes, compressed)
                : new Getting(client, bytes, compressed);
          });
    }
    report.add(daemons.run(put ? sized.undoing() : sized, contenders));
  }

  /// Puts a blob and deletes it before the next one.
  private static final class Putting implements Worker {
    private final RemoteClient client;
    private final MemorySegment bytes;
    private final boolean compressed;
    private long made;

    Putting(RemoteClient client, MemorySegment bytes, boolean compressed) {
      this.client = client;
      this.bytes = bytes;
      this.compressed = compressed;
    }

    @Override
    public void step(int index) throws PosixException {
      made = client.put(bytes, compressed);
    }

    @Override
    public void undo(int index) throws PosixException {
      client.delete(made);
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /// Gets one blob again and again, and checks once a turn that it is what was put.
  private static final class Getting implements Worker {
    private final RemoteClient client;
    private final MemorySegment bytes;
    private final boolean compressed;
    private final MemorySegment into;
    private final long blob;

    Getting(RemoteClient client, MemorySegment bytes, boolean compressed) throws PosixException {
      this.client = client;
      this.bytes = bytes;
      this.compressed = compressed;
      this.into = Arena.ofAuto().allocate(bytes.byteSize(), Long.BYTES);
      this.blob = client.put(bytes, false);
    }

    @Override
    public void step(int index) throws PosixException {
      client.get(blob, into, compressed);
    }

    @Override
    public void finish(int steps) {
      if (into.mismatch(bytes) >= 0) {
        throw new IllegalStateException("a blob is not what was put");
      }
    }

    @Override
    public void close() {
      try {
        client.delete(blob);
      } catch (PosixException e) {
        throw new IllegalStateException("the daemon has gone", e);
      } finally {
        client.close();
      }
    }
  }

  private static MarkdownTable plainSockets(MemorySegment bytes, SideBySide daemons)
      throws PosixException {
    var load = Load.of("two plain sockets", 0).moving(bytes.byteSize()).withSteps(2, 2);
    SequencedMap<String, Comparison.Opening> openings = new LinkedHashMap<>();
    openings.put("put", _ -> new PlainSockets(bytes, true));
    openings.put("get", _ -> new PlainSockets(bytes, false));
    Outcome<String> outcome = daemons.run(load, openings);
    var table = new MarkdownTable("two plain sockets, " + Figures.size(bytes.byteSize()), "speed");
    openings
        .keySet()
        .forEach(direction ->
            table.row(
                direction,
                Figures.gigabytes(outcome.perSecond(direction).median() * bytes.byteSize())));
    return table;
  }
}
