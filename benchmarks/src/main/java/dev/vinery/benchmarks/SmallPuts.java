package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.util.List;

/// W1: put of small objects, by one client and by many.
final class SmallPuts implements Suite {
  private static final int ROUND_TRIPS = 3; // create_buffer, seal, create_data
  private static final long SMALL = 64;
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  /// What all clients of a turn put together at most.
  private static final long TURN_BYTES_MAX = 1 << 30;

  private static final int STEPS_MAX = 20_000;

  /// Objects that are put by one call, if the client can do that.
  private static final int BATCH = 1_000;

  private static final int BATCHES_MAX = 100;

  @Override
  public String id() {
    return "W1";
  }

  @Override
  public String title() {
    return "Small puts: create, copy, seal, create the metadata";
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws PosixException {
    var content = new Content(MIB);
    List<Long> sizes = daemons.options().quick() ? List.of(64L) : List.of(64L, 64 * KIB, MIB);
    List<Integer> clients = daemons.options().quick() ? List.of(1, 4) : List.of(1, 4, 16, 32);
    for (long size : sizes) {
      for (int many : clients) {
        long room = TURN_BYTES_MAX / (size * many);
        var load =
            Load.of("put " + Figures.size(size), ROUND_TRIPS)
                .withClients(many)
                .withSteps(5, (int) Math.min(room, STEPS_MAX));
        report.add(daemons.compare(load, content, (client, _) -> new PutWorker(client, size)));
      }
    }
    var batches =
        Load.of("put 64 B, %s in a step".formatted(Figures.count(BATCH)), ROUND_TRIPS * BATCH)
            .withSteps(3, BATCHES_MAX);
    report.add(
        daemons.compare(batches, content, (client, _) -> new PutWorker(client, SMALL, BATCH)));
  }
}
