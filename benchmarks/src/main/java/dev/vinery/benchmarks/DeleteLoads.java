package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;

/// W10: letting go of things.
final class DeleteLoads implements Suite {
  private static final long SIZE = Population.BLOB_BYTES;
  private static final int CROWD = 10_000;

  @Override
  public String id() {
    return "W10";
  }

  @Override
  public String title() {
    return "Delete and release, among 10,000 objects";
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws PosixException {
    var population = new Population(daemons);
    population.grow(CROWD);
    report.add(
        daemons.compare(
            Load.of("delete with its blob, as each client does", 2),
            population.content(),
            (client, _) ->
                new BatchWorker<>(
                    client,
                    some -> some.put(SIZE),
                    (some, object) -> {
                      some.delete(object);
                      return BatchWorker.NOTHING;
                    })));
    report.add(
        daemons.compareOfficial(
            Load.of("delete with its blob, one call as from Python", 1),
            population.content(),
            (client, _) ->
                new BatchWorker<>(
                    client,
                    some -> some.put(SIZE),
                    (some, object) -> {
                      some.deleteInOneCall(object);
                      return BatchWorker.NOTHING;
                    })));
    report.add(
        daemons.compareOfficial(
            Load.of("release of a blob", 1),
            population.content(),
            (client, _) ->
                new BatchWorker<>(
                    client,
                    some -> some.createBlob(SIZE),
                    (some, blob) -> {
                      some.release(blob);
                      return BatchWorker.NOTHING;
                    })));
  }
}
