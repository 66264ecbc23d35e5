package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// W6: names, among few and among many.
final class NameLoads implements Suite {
  private static final long SIZE = Population.BLOB_BYTES;
  private static final long SEED = 1;

  @Override
  public String id() {
    return "W6";
  }

  @Override
  public String title() {
    return "Names: put_name of a name that is there, get_name";
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws PosixException {
    var content = new Content(SIZE);
    Map<Side, Long> objects = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      try (var client = OfficialClient.connect(daemons.daemon(side).socket(), content)) {
        long object = client.put(SIZE);
        client.persist(object);
        objects.put(side, object);
      }
    }
    int had = 0;
    boolean quick = daemons.options().quick();
    for (int count : quick ? List.of(100, 10_000) : List.of(100, 1_000, 10_000, 100_000)) {
      bind(had, count, daemons, objects);
      had = count;
      String among = " among " + Figures.count(count);
      report.add(
          each(
              "put_name" + among,
              daemons,
              count,
              (client, side, name) -> client.putName(name, objects.getOrDefault(side, 0L))));
      report.add(
          each("get_name" + among, daemons, count, (client, _, name) -> client.getName(name)));
    }
  }

  private static void bind(int from, int to, SideBySide daemons, Map<Side, Long> objects)
      throws PosixException {
    for (Side side : Side.values()) {
      try (var client = OfficialClient.connect(daemons.daemon(side).socket())) {
        for (int i = from; i < to; i++) {
          client.putName(name(i), objects.getOrDefault(side, 0L));
        }
      }
    }
  }

  private static String name(int index) {
    return "name-" + index;
  }

  /// A call about one of the names.
  private interface Call {
    void call(LoadClient client, Side side, String name) throws PosixException;
  }

  private static Outcome<Contender> each(String name, SideBySide daemons, int count, Call call)
      throws PosixException {
    return daemons.compare(
        Load.of(name, 1),
        new Content(0),
        (client, side) -> {
          var random = new RandomNumbers(SEED);
          return Worker.of(
              client, () -> call.call(client, side, name(Math.floorMod(random.next(), count))));
        });
  }
}
