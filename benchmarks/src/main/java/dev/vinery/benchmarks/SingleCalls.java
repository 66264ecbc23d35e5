package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.util.EnumMap;
import java.util.Map;

/// W0: the calls of which puts and gets are made, one by one, among ten thousand objects. Not a
/// load of the plan, but what tells where its time goes.
final class SingleCalls implements Suite {
  private static final int CROWD = 10_000;
  private static final int BLOBS = 1_000;
  private static final long SIZE = Population.BLOB_BYTES;
  private static final long SEED = 1;

  @Override
  public String id() {
    return "W0";
  }

  @Override
  public String title() {
    return "Single calls, among 10,000 objects";
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws PosixException {
    var population = new Population(daemons);
    population.grow(CROWD);
    report.add(reading("instance_status", daemons, population, (client, _) -> client.status()));
    report.add(
        making(
            "create_buffer",
            daemons,
            _ -> BatchWorker.NOTHING,
            (client, _) -> client.createBuffer(SIZE)));
    report.add(
        making(
            "seal",
            daemons,
            client -> client.createBuffer(SIZE),
            (client, blob) -> {
              client.seal(blob);
              return BatchWorker.NOTHING;
            }));
    report.add(
        making(
            "create_data",
            daemons,
            client -> client.createBlob(SIZE),
            (client, blob) -> client.createObject(blob, SIZE)));
    report.add(reading("get_data", daemons, population, OfficialClient::getMetadata));
    report.add(getBuffers(daemons, population));
    report.add(reading("exists", daemons, population, OfficialClient::exists));
    report.add(
        making(
            "persist",
            daemons,
            client -> client.put(SIZE),
            (client, object) -> {
              client.persist(object);
              return BatchWorker.NOTHING;
            }));
  }

  /// A call about one of the objects.
  private interface Reading {
    void call(OfficialClient client, long object) throws PosixException;
  }

  private static Outcome<Contender> reading(
      String name, SideBySide daemons, Population population, Reading reading)
      throws PosixException {
    return daemons.compareOfficial(
        Load.of(name, 1),
        population.content(),
        (client, side) -> {
          var random = new RandomNumbers(SEED);
          return Worker.of(
              client, () -> reading.call(client, population.pick(side, random.next())));
        });
  }

  private static Outcome<Contender> making(
      String name,
      SideBySide daemons,
      BatchWorker.Making<OfficialClient> making,
      BatchWorker.Step<OfficialClient> step)
      throws PosixException {
    return daemons.compareOfficial(
        Load.of(name, 1),
        new Content(SIZE),
        (client, _) -> new BatchWorker<>(client, making, step));
  }

  private static Outcome<Contender> getBuffers(SideBySide daemons, Population population)
      throws PosixException {
    Map<Side, long[]> blobs = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      var random = new RandomNumbers(SEED);
      long[] some = new long[BLOBS];
      try (var client = OfficialClient.connect(daemons.daemon(side).socket())) {
        for (int i = 0; i < BLOBS; i++) {
          some[i] = client.blobOf(population.pick(side, random.next()));
        }
      }
      blobs.put(side, some);
    }
    return daemons.compareOfficial(
        Load.of("get_buffers", 1),
        population.content(),
        (client, side) -> {
          long[] some = blobs.getOrDefault(side, new long[0]);
          var random = new RandomNumbers(SEED);
          return Worker.of(
              client, () -> client.getBuffer(some[Math.floorMod(random.next(), BLOBS)]));
        });
  }
}
