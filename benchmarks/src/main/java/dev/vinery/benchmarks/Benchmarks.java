package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The program: runs the suites one after the other, each on daemons of its own, and prints a
/// report.
final class Benchmarks {
  private static final List<Suite> SUITES =
      List.of(
          new SingleCalls(),
          new SmallPuts(),
          new SmallGets(),
          new LargeGets(),
          new LargePuts(),
          new MetadataLoads(),
          new NameLoads(),
          new RemoteLoads(),
          new DeleteLoads(),
          new StreamLoads(),
          new TableLoads(),
          new FileLoads(),
          new Footprint(),
          new Soak());

  private static final int USAGE_STATUS = 2;
  private static final int FAILURE_STATUS = 1;

  private Benchmarks() {}

  public static void main(String[] args) throws InterruptedException {
    if (List.of(args).contains("--help")) {
      System.out.print(RunOptions.USAGE);
      return;
    }
    RunOptions options;
    try {
      options = options(args);
    } catch (IllegalArgumentException misunderstood) {
      System.err.println("benchmarks/run: " + misunderstood.getMessage() + "; see --help");
      System.exit(USAGE_STATUS);
      return;
    }
    try {
      System.out.print(run(options));
    } catch (IOException | PosixException e) {
      System.err.println("benchmarks/run: " + e.getMessage());
      System.exit(FAILURE_STATUS);
    }
  }

  private static RunOptions options(String... args) {
    RunOptions options = RunOptions.parse(args);
    for (String id : options.only()) {
      if (SUITES.stream().noneMatch(suite -> suite.id().equals(id))) {
        throw new IllegalArgumentException("there is no suite " + id);
      }
    }
    return options;
  }

  private static String run(RunOptions options)
      throws IOException, PosixException, InterruptedException {
    try (var directory = RunDirectory.openForUser();
        var children = new Children()) {
      options.placement().apply();
      var comparison = new Comparison(options, ForeignWork.onThisMachine(children::pids));
      return run(new Run(options, directory, children, comparison, List.of(ClientKind.values())));
    }
  }

  private static String run(Run run) throws IOException, PosixException {
    var floors = new Floors();
    floors.measure(run);
    List<SuiteReport> reports = new ArrayList<>();
    for (Suite suite : SUITES) {
      if (run.options().wants(suite.id(), suite.optional())) {
        var report = new SuiteReport(suite, run.options(), System.err::println);
        reports.add(report);
        try (var daemons = SideBySide.start(run)) {
          suite.run(daemons, report);
        } catch (IllegalStateException unexpected) {
          report.endedBy(unexpected);
        }
        write(run.options(), Report.text(run.options(), floors, reports), reports);
      }
    }
    floors.measure(run);
    String text = Report.text(run.options(), floors, reports);
    write(run.options(), text, reports);
    return text;
  }

  /// Writes what there is, after each suite, since a run is long and may be broken off. Charts come
  /// to stand beside the report.
  private static void write(RunOptions options, String report, List<SuiteReport> suites)
      throws IOException {
    if (options.out().isPresent()) {
      Path out = options.out().get();
      Files.writeString(out, report + Report.charts(out, suites));
      for (ClientKind client : ClientKind.values()) {
        RatioChart chart = Report.chart(client, suites);
        if (!chart.isEmpty()) {
          Files.writeString(out.resolveSibling(Report.chartName(out, client)), chart.toString());
        }
      }
    }
  }
}
