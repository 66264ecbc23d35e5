package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// W3: get of large objects, which is a matter of finding them: nothing is copied.
final class LargeGets implements Suite {
  private static final int ROUND_TRIPS = 2; // get_data, get_buffers
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  @Override
  public String id() {
    return "W3";
  }

  @Override
  public String title() {
    return "Large gets: metadata, buffer, and a look at three words";
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws PosixException {
    boolean quick = daemons.options().quick();
    List<Long> sizes = quick ? List.of(MIB, 64 * MIB) : List.of(MIB, 16 * MIB, 256 * MIB, GIB);
    var content = new Content(sizes.getLast());
    for (long size : sizes) {
      Map<Side, Long> objects = new EnumMap<>(Side.class);
      for (Side side : Side.values()) {
        try (var client = OfficialClient.connect(daemons.daemon(side).socket(), content)) {
          objects.put(side, client.put(size));
        }
      }
      report.add(
          daemons.compare(
              Load.of("get " + Figures.size(size), ROUND_TRIPS),
              content,
              (client, side) ->
                  Worker.of(client, () -> client.get(objects.getOrDefault(side, 0L), size))));
      for (Side side : Side.values()) {
        try (var client = OfficialClient.connect(daemons.daemon(side).socket())) {
          client.deleteInOneCall(objects.getOrDefault(side, 0L));
        }
      }
    }
  }
}
