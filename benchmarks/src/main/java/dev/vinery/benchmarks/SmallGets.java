package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// W2: get of small objects, at random among few and many, by one client and by many.
final class SmallGets implements Suite {
  private static final int ROUND_TRIPS = 2; // get_data, get_buffers
  private static final int CROWD = 10_000;
  private static final int PACE_PER_SECOND = 1_000;

  private final AtomicLong seeds = new AtomicLong();

  @Override
  public String id() {
    return "W2";
  }

  @Override
  public String title() {
    return "Small gets: metadata, buffer, and a look at the bytes";
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws PosixException {
    boolean quick = daemons.options().quick();
    var population = new Population(daemons);
    for (int count : quick ? List.of(100, CROWD) : List.of(100, 1_000, CROWD, 100_000)) {
      population.grow(count);
      var load = Load.of("get 64 B of " + Figures.count(count), ROUND_TRIPS);
      report.add(compare(load, daemons, population));
      if (count == CROWD) {
        for (int many : quick ? List.of(4) : List.of(4, 16, 32)) {
          report.add(compare(load.withClients(many), daemons, population));
        }
        report.add(compare(load.paced(PACE_PER_SECOND), daemons, population));
      }
    }
  }

  private Outcome<Contender> compare(Load load, SideBySide daemons, Population population)
      throws PosixException {
    return daemons.compare(
        load,
        population.content(),
        (client, side) -> {
          var random = new RandomNumbers(seeds.incrementAndGet());
          return Worker.of(
              client,
              () -> client.get(population.pick(side, random.next()), Population.BLOB_BYTES));
        });
  }
}
