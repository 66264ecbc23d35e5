package dev.vinery.benchmarks;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataBackend;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.posix.PosixException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.LogManager;

/// The program for clusters: the official daemon and ours over one etcd, each with a prefix of its
/// own, and the etcd by itself, which is what both stand on.
final class ClusterBenchmarks implements AutoCloseable {
  private static final int[] CLIENTS = {1, 4, 16};

  /// So many that the official daemon does not always come to an end.
  private static final int MANY_CLIENTS = 64;

  /// How long a daemon may take for one load before it is given up.
  private static final Duration LOAD_LIMIT = Duration.ofSeconds(40);

  /// Objects and names that calls are about; each is persisted once.
  private static final int OBJECTS_MAX = 40_000;

  private static final int JOINED_OBJECTS = 100_000;
  private static final long SIZE = Population.BLOB_BYTES;
  private static final int FAILURE_STATUS = 1;

  private final RunOptions options;
  private final RunDirectory directory;
  private final Children children = new Children();
  private final String endpoint;
  private final MetadataStore etcd;
  private final List<MetadataStore> otherMembers = new ArrayList<>();
  private final StringBuilder report = new StringBuilder();

  private ClusterBenchmarks(RunOptions options, RunDirectory directory)
      throws IOException, InterruptedException {
    this.options = options;
    this.directory = directory;
    try (var probe = new ServerSocket(0)) {
      this.endpoint = "http://127.0.0.1:" + probe.getLocalPort();
    }
    this.etcd = open(endpoint, false);
    while (otherMembers.size() + 1 < options.etcdMembers()) {
      otherMembers.add(open(endpoint, true));
    }
  }

  /// Opens the etcd at an endpoint, which is started if there is none.
  ///
  /// @param member whether one is started here that joins it
  static MetadataStore open(String endpoint, boolean member) throws InterruptedException {
    return ServiceLoader.load(MetadataBackend.class)
        .findFirst()
        .orElseThrow()
        .open(
            new MetadataBackend.Options(
                endpoint,
                "bare",
                Duration.ofMinutes(1),
                member,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty()),
            System.err::println);
  }

  public static void main(String[] args) throws InterruptedException {
    LogManager.getLogManager().reset(); // gRPC's lines
    try (var directory = RunDirectory.openForUser();
        var run = new ClusterBenchmarks(RunOptions.parse(args), directory)) {
      if (run.options.wants("calls", false)) {
        run.loads();
      }
      if (run.options.wants("joins", false)) {
        run.joins();
      }
      if (run.options.wants("migrations", false)) {
        run.migrations();
      }
      if (run.options.wants("emulated", false)) {
        run.report.append(EmulatedCluster.table(run.endpoint, run.options.quick()));
      }
      System.out.print(run.report);
    } catch (IOException | PosixException | IllegalArgumentException e) {
      System.err.println("benchmarks/run: " + e.getMessage());
      System.exit(FAILURE_STATUS);
    }
  }

  private void loads() throws IOException, PosixException, InterruptedException {
    try (var official = start(Side.OFFICIAL, "official");
        var ours = start(Side.OURS, "ours")) {
      report.append(
          "Calls in a second over an etcd of %d; the median in microseconds in brackets.\n\n"
              .formatted(options.etcdMembers()));
      var table =
          new MarkdownTable("", "bare etcd puts", "vineyardd", "Vinery", "ratio", "of bare puts");
      for (int clients : CLIENTS) {
        row(
            table,
            "persist, " + clients + (clients == 1 ? " client" : " clients"),
            barePuts(clients),
            persists(official, clients),
            persists(ours, clients));
      }
      TimedCalls bare = barePuts(1);
      row(table, "put_name", bare, names(official), names(ours));
      row(table, "delete of a persisted object", bare, deletes(official), deletes(ours));
      row(table, "get of a local object, synced", bare, gets(official, true), gets(ours, true));
      row(table, "the same, not synced", bare, gets(official, false), gets(ours, false));
      manyClients(table, official, ours);
      report.append(table).append('\n');
    }
  }

  /// The last row: an official daemon that comes to no end is stopped.
  private void manyClients(MarkdownTable table, DaemonProcess official, DaemonProcess ours)
      throws InterruptedException {
    String name = "persist, " + MANY_CLIENTS + " clients";
    TimedCalls bare = barePuts(MANY_CLIENTS);
    TimedCalls own = persists(ours, MANY_CLIENTS);
    var theirs = CompletableFuture.supplyAsync(() -> persists(official, MANY_CLIENTS));
    try {
      row(table, name, bare, theirs.get(LOAD_LIMIT.toSeconds(), TimeUnit.SECONDS), own);
    } catch (TimeoutException | ExecutionException none) {
      official.close();
      String ofBare = Figures.ratio(own.perSecond() / bare.perSecond());
      table.row(name, bare.toString(), "no end", own.toString(), "–", ofBare);
      System.err.printf("%s: %s, no end (%s), %s%n", name, bare, none.getMessage(), own);
    }
  }

  private DaemonProcess start(Side side, String prefix) throws IOException {
    return start(side, prefix, 0);
  }

  /// @param number of the daemon among those of its side that run at the same time
  private DaemonProcess start(Side side, String prefix, int number) throws IOException {
    return DaemonProcess.start(
        options.program(side).in(endpoint, prefix).numbered(number), directory, options, children);
  }

  private static void row(
      MarkdownTable table, String name, TimedCalls bare, TimedCalls theirs, TimedCalls own) {
    System.err.printf("%s: %s, %s, %s%n", name, bare, theirs, own);
    table.row(
        name,
        bare.toString(),
        theirs.toString(),
        own.toString(),
        Figures.ratio(own.perSecond() / theirs.perSecond()),
        Figures.ratio(own.perSecond() / bare.perSecond()));
  }

  private Duration turn() {
    return Duration.ofMillis(options.quick() ? 1_000 : 3_000);
  }

  private TimedCalls barePuts(int clients) {
    return TimedCalls.run(
        clients,
        turn(),
        thread -> {
          var count = new int[1];
          return () -> {
            String key = "bare/%d/%d".formatted(thread, count[0]++);
            etcd.commit(List.of(new Change.Put(key, "1"))).toCompletableFuture().join();
            return true;
          };
        });
  }

  private TimedCalls persists(DaemonProcess daemon, int clients) {
    return TimedCalls.run(
        clients,
        turn(),
        _ -> {
          var client = OfficialClient.connect(daemon.socket(), new Content(SIZE));
          long[] objects = objects(client, Math.max(200, OBJECTS_MAX / clients / 4));
          var next = new int[1];
          return () -> {
            if (next[0] == objects.length) {
              return false;
            }
            client.persist(objects[next[0]++]);
            return true;
          };
        });
  }

  /// Objects of one blob, which none of them refers to alone: it is what stays small.
  private static long[] objects(OfficialClient client, int count) throws PosixException {
    long blob = client.createBlob(SIZE);
    long[] objects = new long[count];
    for (int i = 0; i < count; i++) {
      objects[i] = client.createObject(blob, SIZE);
    }
    return objects;
  }

  private TimedCalls names(DaemonProcess daemon) {
    return TimedCalls.run(
        1,
        turn(),
        _ -> {
          var client = OfficialClient.connect(daemon.socket(), new Content(SIZE));
          long object = client.put(SIZE);
          client.persist(object);
          var next = new int[1];
          return () -> {
            client.putName("name-" + next[0]++, object);
            return true;
          };
        });
  }

  private TimedCalls deletes(DaemonProcess daemon) {
    return TimedCalls.run(
        1,
        turn(),
        _ -> {
          var client = OfficialClient.connect(daemon.socket(), new Content(SIZE));
          long[] objects = new long[options.quick() ? 300 : 1_000];
          for (int i = 0; i < objects.length; i++) {
            objects[i] = client.put(SIZE);
            client.persist(objects[i]);
          }
          var next = new int[1];
          return () -> {
            if (next[0] == objects.length) {
              return false;
            }
            client.deleteInOneCall(objects[next[0]++]);
            return true;
          };
        });
  }

  private TimedCalls gets(DaemonProcess daemon, boolean synced) {
    return TimedCalls.run(
        1,
        turn(),
        _ -> {
          var client = OfficialClient.connect(daemon.socket(), new Content(SIZE));
          long object = client.put(SIZE);
          return () -> {
            if (synced) {
              client.getMetadata(object);
            } else {
              client.getKnownMetadata(object);
            }
            return true;
          };
        });
  }

  /// How long a daemon takes to join a cluster in which much is persisted.
  private void joins() throws IOException {
    var table =
        new MarkdownTable(
            "start with persisted objects", "vineyardd", "Vinery", "reading them from etcd");
    for (int objects : new int[] {0, JOINED_OBJECTS}) {
      List<String> cells = new ArrayList<>();
      cells.add(Figures.count(objects));
      for (Side side : Side.values()) {
        String prefix = "join" + objects + side;
        fill(prefix, objects);
        try (var daemon = start(side, prefix)) {
          cells.add("%.2f s".formatted(daemon.startTime().toNanos() / 1e9));
        }
      }
      long startNanos = System.nanoTime();
      etcd.list("join" + objects + Side.OURS);
      cells.add("%.2f s".formatted((System.nanoTime() - startNanos) / 1e9));
      System.err.println("join: " + cells);
      table.row(cells.toArray(String[]::new));
    }
    report.append(table).append('\n');
  }

  /// How fast a daemon copies objects of another one.
  private void migrations() throws IOException, PosixException {
    List<DaemonProcess> running = new ArrayList<>();
    try {
      for (Side side : Side.values()) {
        running.add(start(side, "migrate" + side, 0));
        running.add(start(side, "migrate" + side, 1));
      }
      var loads = new MigrationLoads(running.subList(0, 2), running.subList(2, 4), options.quick());
      report.append(loads.table(options.rounds())).append('\n');
    } finally {
      running.forEach(DaemonProcess::close);
    }
  }

  /// Puts objects as a daemon of number 1000 would, which is not there.
  private void fill(String prefix, int objects) {
    List<Change> changes = new ArrayList<>();
    List<CompletableFuture<Long>> under = new ArrayList<>();
    for (int i = 0; i < objects; i++) {
      changes.add(
          new Change.Put(
              "%s/S0000000000000000/data/o%016x".formatted(prefix, 0x0001_0000_0000_0000L + i),
              """
              {"__timestamp":1700000000000,"buffer_":"lo8%015x.vineyard::Blob@1000",\
              "instance_id":1000,"nbytes":64,"shape_":"v[8]","signature":%d,"transient":false,\
              "typename":"vvineyard::Tensor<int64>","value_type_":"vint64"}\
              """
                  .formatted(i, i + 1)));
      if (changes.size() == MetadataStore.MAX_CHANGES_PER_COMMIT || i == objects - 1) {
        under.add(etcd.commit(changes).toCompletableFuture());
        changes = new ArrayList<>();
        if (under.size() == 16) {
          under.forEach(CompletableFuture::join);
          under.clear();
        }
      }
    }
    under.forEach(CompletableFuture::join);
  }

  @Override
  public void close() {
    children.close();
    otherMembers.forEach(MetadataStore::close);
    etcd.close();
  }
}
