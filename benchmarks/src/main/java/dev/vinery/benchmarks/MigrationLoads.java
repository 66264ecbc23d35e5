package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Objects that one daemon copies from another one of its kind, on this host: our pair and the
/// official one in turns, beside sockets that do nothing but move as many bytes.
///
/// The time is that of the client's call, so it includes that the copy is persisted. Each copy is
/// deleted again: with its memory given back to the system, or kept for the next. Confined to one
/// thread.
final class MigrationLoads {
  private static final long LARGE_BYTES = 1L << 30;
  private static final long QUICK_LARGE_BYTES = 256L << 20;
  private static final int BLOBS = 1_000;
  private static final int PARTS = 4;
  private static final long BLOB_BYTES = 64 << 10;

  /// Clients that have objects of one blob copied at the same time.
  private static final int CLIENTS = 16;

  private final List<Pair> pairs;
  private final List<DaemonProcess> copying;
  private final long largeBytes;

  /// Two daemons of a cluster, a client of the one and some of the other.
  private record Pair(OfficialClient source, List<OfficialClient> targets) {
    /// Has objects copied at the same time, each for a client of its own.
    ///
    /// @return how long it took until all were there
    long nanos(long[] objects, boolean trim) throws PosixException {
      long[] copies = new long[objects.length];
      long start = System.nanoTime();
      if (objects.length == 1) {
        copies[0] = targets.getFirst().migrate(objects[0]);
      } else {
        inParallel(objects.length, i -> copies[i] = targets.get(i).migrate(objects[i]));
      }
      long nanos = System.nanoTime() - start;
      targets.getFirst().discard(copies, copies.length, trim);
      return nanos;
    }
  }

  private interface Step {
    void run(int index) throws PosixException;
  }

  private static void inParallel(int count, Step step) {
    var failures = new ConcurrentLinkedQueue<PosixException>();
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
      for (int i = 0; i < count; i++) {
        int index = i;
        threads.execute(() -> {
          try {
            step.run(index);
          } catch (PosixException e) {
            failures.add(e);
          }
        });
      }
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException("a client failed", failures.element());
    }
  }

  /// Makes the objects of a load.
  private interface Making {
    long[] make(OfficialClient source) throws PosixException;
  }

  /// @param officials the pair of official daemons
  MigrationLoads(List<DaemonProcess> officials, List<DaemonProcess> ours, boolean quick)
      throws PosixException {
    this.largeBytes = quick ? QUICK_LARGE_BYTES : LARGE_BYTES;
    this.pairs = new ArrayList<>();
    this.copying = List.of(officials.getLast(), ours.getLast());
    var content = new Content(largeBytes);
    for (List<DaemonProcess> daemons : List.of(officials, ours)) {
      List<OfficialClient> clients = new ArrayList<>();
      for (int i = 0; i < PARTS; i++) {
        clients.add(OfficialClient.connect(daemons.getLast().socket()));
      }
      var source = OfficialClient.connect(daemons.getFirst().socket(), content);
      pairs.add(new Pair(source, clients));
    }
  }

  MarkdownTable table(int rounds) throws PosixException {
    var table = new MarkdownTable("", "vineyardd", "Vinery", "ratio");
    String size = Figures.size(largeBytes);
    Making one = source -> new long[] {blobs(source, 1, largeBytes)};
    row(table, size + " in one blob, first touch", largeBytes, one, true, rounds);
    row(table, size + " in one blob, recycled", largeBytes, one, false, rounds);
    Making parts = source -> new long[] {blobs(source, PARTS, largeBytes / PARTS)};
    row(table, size + " in 4 blobs, first touch", largeBytes, parts, true, rounds);
    row(table, size + " in 4 blobs, recycled", largeBytes, parts, false, rounds);
    Making objects =
        source -> {
          long[] made = new long[PARTS];
          for (int i = 0; i < PARTS; i++) {
            made[i] = blobs(source, 1, largeBytes / PARTS);
          }
          return made;
        };
    ownRow(table, size + " in 4 objects at once, first touch", objects, true, rounds);
    ownRow(table, size + " in 4 objects at once, recycled", objects, false, rounds);
    Making many = source -> new long[] {blobs(source, BLOBS, BLOB_BYTES)};
    row(table, "1,000 blobs of 64 KiB", BLOBS * BLOB_BYTES, many, false, rounds);
    manyObjects(table);
    for (int connections : new int[] {1, 2, 4}) {
      table.row(
          "%s over %d plain socket%s".formatted(size, connections, connections == 1 ? "" : "s"),
          "",
          Figures.gigabytes(plain(connections, rounds)),
          "");
    }
    return table;
  }

  private static long blobs(OfficialClient source, int count, long sizeBytes)
      throws PosixException {
    long[] blobs = new long[count];
    for (int i = 0; i < count; i++) {
      blobs[i] = source.createBlob(sizeBytes);
    }
    return source.createObjectOf(blobs, sizeBytes);
  }

  /// Has an object made, and copied once.
  private static long[] prepared(Pair pair, Making making, boolean trim) throws PosixException {
    long[] made = making.make(pair.source());
    for (long object : made) {
      pair.source().persist(object);
      pair.targets().getFirst().getData(object);
    }
    pair.nanos(made, trim);
    return made;
  }

  /// By our daemons alone: asked for several at once, the official one does not always answer.
  private void ownRow(MarkdownTable table, String name, Making making, boolean trim, int rounds)
      throws PosixException {
    Pair own = pairs.getLast();
    long[] made = prepared(own, making, trim);
    double[] speeds = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      speeds[round] = largeBytes / (own.nanos(made, trim) / 1e9);
    }
    own.source().discard(made, made.length, true);
    table.row(name, "–", Figures.gigabytes(Spread.of(speeds).median()), "–");
    System.err.printf("%s: %s%n", name, Figures.gigabytes(Spread.of(speeds).median()));
  }

  private void row(
      MarkdownTable table, String name, long sizeBytes, Making making, boolean trim, int rounds)
      throws PosixException {
    List<long[]> objects = new ArrayList<>();
    for (Pair pair : pairs) {
      objects.add(prepared(pair, making, trim));
    }
    double[][] speeds = new double[pairs.size()][rounds];
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < pairs.size(); i++) {
        speeds[i][round] = sizeBytes / (pairs.get(i).nanos(objects.get(i), trim) / 1e9);
      }
      ratios[round] = speeds[1][round] / speeds[0][round];
    }
    for (int i = 0; i < pairs.size(); i++) {
      long[] done = objects.get(i);
      pairs.get(i).source().discard(done, done.length, true);
    }
    table.row(
        name,
        Figures.gigabytes(Spread.of(speeds[0]).median()),
        Figures.gigabytes(Spread.of(speeds[1]).median()),
        Figures.ratio(Spread.of(ratios)));
    System.err.printf(
        "%s: %s, %s, %s%n",
        name,
        Figures.gigabytes(Spread.of(speeds[0]).median()),
        Figures.gigabytes(Spread.of(speeds[1]).median()),
        Figures.ratio(Spread.of(ratios)));
  }

  /// As many objects of one blob each, that some clients have copied at the same time.
  private void manyObjects(MarkdownTable table) throws PosixException {
    List<String> cells = new ArrayList<>(List.of("1,000 objects of 64 KiB, 16 clients, a second"));
    double[] perSecond = new double[pairs.size()];
    for (int i = 0; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      long[] objects = new long[BLOBS];
      for (int j = 0; j < BLOBS; j++) {
        long blob = pair.source().createBlob(BLOB_BYTES);
        objects[j] = pair.source().createObject(blob, BLOB_BYTES);
        pair.source().persist(objects[j]);
      }
      pair.targets().getFirst().getData(objects[BLOBS - 1]);
      perSecond[i] = migrateAll(copying.get(i), objects).perSecond();
      cells.add(Figures.rate(perSecond[i]));
    }
    cells.add(Figures.ratio(perSecond[1] / perSecond[0]));
    table.row(cells.toArray(String[]::new));
    System.err.println(cells);
  }

  private static TimedCalls migrateAll(DaemonProcess target, long[] objects) {
    return TimedCalls.run(
        CLIENTS,
        Duration.ofMinutes(1),
        index -> {
          var client = OfficialClient.connect(target.socket());
          var next = new int[] {index};
          return () -> {
            if (next[0] >= objects.length) {
              return false;
            }
            client.migrate(objects[next[0]]);
            next[0] += CLIENTS;
            return true;
          };
        });
  }

  /// Bytes a second between memory and memory of this process, over some connections at once.
  private double plain(int connections, int rounds) {
    long each = largeBytes / connections;
    MemorySegment bytes = Arena.ofAuto().allocate(each, Long.BYTES);
    List<PlainSockets> sockets = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      sockets.add(new PlainSockets(bytes, false));
    }
    double[] speeds = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      inParallel(connections, i -> sockets.get(i).step(0));
      speeds[round] = each * connections / ((System.nanoTime() - start) / 1e9);
    }
    sockets.forEach(PlainSockets::close);
    return Spread.of(speeds).median();
  }
}
