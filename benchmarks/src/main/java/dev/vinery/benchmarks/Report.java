package dev.vinery.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/// A run as a page in Markdown, ready for `docs/performance.md`.
final class Report {
  private static final double PERCENT = 100;

  private Report() {}

  static String text(RunOptions options, Floors floors, List<SuiteReport> suites)
      throws IOException {
    String ours = options.program(Side.OURS).name();
    var text = new StringBuilder();
    text.append("# %s and %s, side by side\n\n".formatted(official(options), ours));
    text.append(head(options, suites)).append('\n');
    text.append("## Floors of the machine\n\n").append(floors).append('\n');
    suites.forEach(suite -> text.append(suite.text(floors)));
    text.append("## Where ").append(ours).append(" is slower\n\n");
    return text.append(losses(suites)).toString();
  }

  /// The bars of all suites for one kind of client.
  static RatioChart chart(ClientKind client, List<SuiteReport> suites) {
    var chart =
        new RatioChart(
            "times as fast as the official daemon, p50, through " + SuiteReport.describe(client));
    suites.forEach(suite -> suite.draw(client, chart));
    return chart;
  }

  /// What the file of a chart is called: `report-java.svg` beside `report.md`.
  static String chartName(Path report, ClientKind client) {
    String name = report.getFileName().toString();
    return name.replaceFirst("\\.md$", "") + "-" + client.name().toLowerCase(Locale.ROOT) + ".svg";
  }

  /// Shows the charts that stand beside the report.
  static String charts(Path report, List<SuiteReport> suites) {
    var text = new StringBuilder();
    for (ClientKind client : ClientKind.values()) {
      if (!chart(client, suites).isEmpty()) {
        text.append(
            "\n![Ratios through %s](%s)\n"
                .formatted(SuiteReport.describe(client), chartName(report, client)));
      }
    }
    return text.toString();
  }

  private static String losses(List<SuiteReport> suites) {
    List<SuiteReport.Loss> losses =
        suites.stream().flatMap(suite -> suite.losses().stream()).toList();
    if (losses.isEmpty()) {
      return "Nowhere, in the loads that are compared round by round.\n";
    }
    var text = new StringBuilder();
    for (SuiteReport.Loss loss : losses) {
      text.append("- ").append(loss.text());
      text.append(loss.always() ? "; in every round\n" : "; not in every round\n");
    }
    return text.toString();
  }

  private static String official(RunOptions options) {
    return options.program(Side.OFFICIAL).name();
  }

  private static String head(RunOptions options, List<SuiteReport> suites) throws IOException {
    var head = new StringBuilder();
    head.append("- %s, %s\n".formatted(LocalDate.now(ZoneOffset.UTC), Machine.describe()));
    for (Side side : Side.values()) {
      DaemonProgram program = options.program(side);
      head.append("- %s: %s\n".formatted(program.name(), Machine.version(program.path())));
    }
    int discarded = suites.stream().mapToInt(SuiteReport::discarded).sum();
    int disturbed = suites.stream().mapToInt(SuiteReport::disturbed).sum();
    return head.append(
            """
            - %d rounds, in each a turn of some %d ms for each contender; %s; %s of memory for each daemon
            - Figures are medians of the rounds, ratios medians of the rounds' ratios; above 1, %s is better.
            - Rounds done again because others used more than %.0f %% of a processor: %d. Counted all the same: %d%s
            """
                .formatted(
                    options.rounds(),
                    options.turn().toMillis(),
                    options.placement().description(),
                    options.memory(),
                    options.program(Side.OURS).name(),
                    options.foreignLimit() * PERCENT,
                    discarded,
                    disturbed,
                    disturbed > 0 ? ", in the loads marked *." : "."))
        .toString();
  }
}
