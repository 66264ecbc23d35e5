package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.util.List;

/// W5: metadata, among few objects and among many.
final class MetadataLoads implements Suite {
  private static final long SIZE = Population.BLOB_BYTES;
  private static final long SEED = 1;
  private static final int LIST_LIMIT = 100;
  private static final String EVERY_TENSOR = "vineyard::Tensor<*>";
  private static final String NO_TYPE = "vineyard::Nothing*";

  @Override
  public String id() {
    return "W5";
  }

  @Override
  public String title() {
    return "Metadata: create_data, get_data, exists, label, list";
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws PosixException {
    var population = new Population(daemons);
    boolean quick = daemons.options().quick();
    for (int count : quick ? List.of(100, 10_000) : List.of(100, 1_000, 10_000, 100_000)) {
      population.grow(count);
      String among = " among " + Figures.count(count);
      report.add(create("create_data" + among, daemons, population));
      report.add(each("get_data" + among, daemons, population, LoadClient::getMetadata));
      report.add(each("exists" + among, daemons, population, LoadClient::exists));
      report.add(
          each(
              "label" + among,
              daemons,
              population,
              (client, object) -> client.label(object, "owner", "somebody")));
      report.add(list("list 100" + among, daemons, population, EVERY_TENSOR, LIST_LIMIT));
      report.add(list("list, no match" + among, daemons, population, NO_TYPE, 0));
    }
  }

  private static Outcome<Contender> create(String name, SideBySide daemons, Population population)
      throws PosixException {
    return daemons.compare(
        Load.of(name, 1),
        population.content(),
        (client, _) ->
            new BatchWorker<>(
                client,
                some -> some.createBlob(SIZE),
                (some, blob) -> some.createObject(blob, SIZE)));
  }

  /// A call about one of the objects.
  private interface Call {
    void call(LoadClient client, long object) throws PosixException;
  }

  private static Outcome<Contender> each(
      String name, SideBySide daemons, Population population, Call call) throws PosixException {
    return daemons.compare(
        Load.of(name, 1),
        population.content(),
        (client, side) -> {
          var random = new RandomNumbers(SEED);
          return Worker.of(client, () -> call.call(client, population.pick(side, random.next())));
        });
  }

  private static Outcome<Contender> list(
      String name, SideBySide daemons, Population population, String pattern, int expected)
      throws PosixException {
    return daemons.compare(
        Load.of(name, 1),
        population.content(),
        (client, _) -> Worker.of(client, () -> list(client, pattern, expected)));
  }

  private static void list(LoadClient client, String pattern, int expected) throws PosixException {
    int found = client.list(pattern, LIST_LIMIT);
    if (found != expected) {
      throw new IllegalStateException(
          "%s should be the type of %d objects and is that of %d"
              .formatted(pattern, expected, found));
    }
  }
}
