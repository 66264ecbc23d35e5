package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What calls to our daemon cost while it holds more and more objects and as many names, up to a
/// million of each. Ours alone: the official daemon would need ten gigabytes. Confined to one
/// thread.
final class Crowd {
  private static final long SIZE = Population.BLOB_BYTES;
  private static final int CALLS = 5_000;
  private static final int LIST_LIMIT = 100;
  private static final long SEED = 1;

  private final DaemonProcess daemon;
  private final RandomNumbers random = new RandomNumbers(SEED);
  private long[] objects = new long[0];

  /// @param daemon ours, empty
  Crowd(DaemonProcess daemon) {
    this.daemon = daemon;
  }

  /// What was seen among so many objects; times are medians in nanoseconds.
  private record Sight(
      int count,
      double ownBytes,
      double put,
      double get,
      double exists,
      double name,
      double noMatch) {}

  /// @param counts ascending
  MarkdownTable among(List<Integer> counts) throws PosixException {
    List<Sight> sights = new ArrayList<>();
    try (var client = OfficialClient.connect(daemon.socket(), new Content(SIZE))) {
      long named = client.put(SIZE);
      client.persist(named);
      for (int count : counts) {
        grow(client, count, named);
        sights.add(look(client));
      }
    }
    return table(sights);
  }

  private void grow(OfficialClient client, int count, long named) throws PosixException {
    int had = objects.length;
    objects = Arrays.copyOf(objects, count);
    for (int i = had; i < count; i++) {
      objects[i] = client.put(SIZE);
      client.putName(name(i), named);
    }
  }

  private Sight look(OfficialClient client) throws PosixException {
    long[] extra = new long[CALLS];
    double put = median(i -> extra[i] = client.put(SIZE));
    client.discard(extra, CALLS, false);
    return new Sight(
        objects.length,
        daemon.privateBytes(),
        put,
        median(_ -> client.get(objects[any()], SIZE)),
        median(_ -> client.exists(objects[any()])),
        median(_ -> client.getName(name(any()))),
        median(_ -> client.list("vineyard::Nothing*", LIST_LIMIT)));
  }

  private static String name(int index) {
    return "name-" + index;
  }

  private int any() {
    return (int) Math.floorMod(random.next(), (long) objects.length);
  }

  private interface Call {
    void call(int index) throws PosixException;
  }

  private static double median(Call call) throws PosixException {
    long[] times = new long[CALLS];
    for (int i = 0; i < CALLS; i++) {
      long start = System.nanoTime();
      call.call(i);
      times[i] = System.nanoTime() - start;
    }
    return new Percentiles(times).nanos(0.5);
  }

  private static MarkdownTable table(List<Sight> sights) {
    var table =
        new MarkdownTable(
            "Vinery alone, among so many objects and names",
            "own memory, MiB",
            "put 64 B, µs",
            "get, µs",
            "exists, µs",
            "get_name, µs",
            "list, no match, µs");
    for (Sight sight : sights) {
      table.row(
          Figures.count(sight.count()),
          Figures.number(sight.ownBytes() / (1 << 20)),
          Figures.micros(sight.put()),
          Figures.micros(sight.get()),
          Figures.micros(sight.exists()),
          Figures.micros(sight.name()),
          Figures.micros(sight.noMatch()));
    }
    return table;
  }
}
