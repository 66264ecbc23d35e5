package dev.vinery.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What came out of a suite. Confined to one thread.
final class SuiteReport {
  private static final String NONE = "–"; // in place of a figure that would say nothing
  private static final double NANOS_PER_SECOND = 1e9;

  private final Suite suite;
  private final RunOptions options;
  private final Consumer<String> progress;
  private final List<Outcome<Contender>> outcomes = new ArrayList<>();
  private final List<MarkdownTable> tables = new ArrayList<>();
  private @Nullable String end;

  /// @param progress told what has been measured, as soon as it has been
  SuiteReport(Suite suite, RunOptions options, Consumer<String> progress) {
    this.suite = suite;
    this.options = options;
    this.progress = progress;
  }

  /// Adds a comparison.
  void add(Outcome<Contender> outcome) {
    outcomes.add(outcome);
    Contender official = official(ClientKind.OFFICIAL);
    Contender ours = ours(ClientKind.OFFICIAL);
    progress.accept(
        "%-4s %-48s %10s us %10s us  %s"
            .formatted(
                suite.id(),
                outcome.load().name(),
                Figures.micros(outcome.p50Nanos(official).median()),
                Figures.micros(outcome.p50Nanos(ours).median()),
                Figures.ratio(outcome.p50Ratio(official, ours))));
  }

  /// Adds a table of what is no load.
  void add(MarkdownTable table) {
    tables.add(table);
    progress.accept(table.toString().stripTrailing());
  }

  /// Notes that the suite did not come to its end, for example because a daemon refused a call.
  void endedBy(IllegalStateException unexpected) {
    end = unexpected.getMessage();
    progress.accept(suite.id() + " ended early: " + end);
  }

  int discarded() {
    return outcomes.stream().mapToInt(Outcome::discarded).sum();
  }

  int disturbed() {
    return outcomes.stream().mapToInt(Outcome::disturbed).sum();
  }

  /// A load in which our daemon was slower at the median or the 99th percentile, or did less in a
  /// second, than the official one.
  ///
  /// @param always whether it was so in every round
  record Loss(String text, boolean always) {}

  /// The loads in which our daemon lost in one of these, by the median of the rounds.
  List<Loss> losses() {
    List<Loss> losses = new ArrayList<>();
    for (Outcome<Contender> outcome : outcomes) {
      for (ClientKind client : clients(outcome)) {
        Spread p50 = outcome.p50Ratio(official(client), ours(client));
        Spread p99 = outcome.p99Ratio(official(client), ours(client));
        Spread rate = outcome.rateRatio(official(client), ours(client));
        boolean paced = paced(outcome);
        if (p50.median() < 1 || p99.median() < 1 || (!paced && rate.median() < 1)) {
          String text =
              "%s: %s, through %s: p50 %s, p99 %s, per second %s"
                  .formatted(
                      suite.id(),
                      outcome.load().name(),
                      describe(client),
                      Figures.ratio(p50),
                      Figures.ratio(p99),
                      paced ? NONE : Figures.ratio(rate));
          losses.add(new Loss(text, p50.max() < 1 || p99.max() < 1 || (!paced && rate.max() < 1)));
        }
      }
    }
    return losses;
  }

  private static Contender official(ClientKind client) {
    return new Contender(client, Side.OFFICIAL);
  }

  private static Contender ours(ClientKind client) {
    return new Contender(client, Side.OURS);
  }

  private static boolean paced(Outcome<Contender> outcome) {
    return outcome.load().perSecond() != Load.HOT;
  }

  /// Draws a bar for each load that this kind of client did: the ratios of the median times.
  void draw(ClientKind client, RatioChart chart) {
    for (Outcome<Contender> outcome : outcomes) {
      if (clients(outcome).contains(client)) {
        chart.add(
            suite.id() + " " + outcome.load().name(),
            outcome.p50Ratio(official(client), ours(client)));
      }
    }
  }

  /// The suite in Markdown.
  String text(Floors floors) {
    var text = new StringBuilder();
    text.append("## ").append(suite.id()).append(": ").append(suite.title()).append("\n\n");
    for (ClientKind client : ClientKind.values()) {
      MarkdownTable table = table(client, floors);
      if (!table.isEmpty()) {
        text.append("Through ").append(describe(client)).append(":\n\n");
        text.append(table).append('\n');
      }
    }
    for (MarkdownTable table : tables) {
      text.append(table).append('\n');
    }
    if (end != null) {
      text.append("The suite ended early: ").append(end).append("\n\n");
    }
    return text.toString();
  }

  private static List<ClientKind> clients(Outcome<Contender> outcome) {
    return outcome.turns().keySet().stream().map(Contender::client).distinct().toList();
  }

  static String describe(ClientKind client) {
    return switch (client) {
      case OFFICIAL -> "the official client's calls";
      case JAVA -> "our Java client";
    };
  }

  private MarkdownTable table(ClientKind client, Floors floors) {
    String official = options.program(Side.OFFICIAL).name();
    String ours = options.program(Side.OURS).name();
    var table =
        new MarkdownTable(
            "load",
            official + " p50 / p99 µs",
            ours + " p50 / p99 µs",
            "p50 ratio (range)",
            "p99 ratio",
            official + " per s",
            ours + " per s",
            "ratio (range)",
            client == ClientKind.OFFICIAL ? ours + " / floor" : "p50 ratio to the official pair");
    for (Outcome<Contender> outcome : outcomes) {
      if (clients(outcome).contains(client)) {
        row(table, outcome, client, floors);
      }
    }
    return table;
  }

  private static void row(
      MarkdownTable table, Outcome<Contender> outcome, ClientKind client, Floors floors) {
    Contender official = official(client);
    Contender ours = ours(client);
    boolean paced = paced(outcome);
    table.row(
        outcome.load().name() + (outcome.disturbed() > 0 ? " *" : ""),
        times(outcome, official),
        times(outcome, ours),
        Figures.ratio(outcome.p50Ratio(official, ours)),
        Figures.ratio(outcome.p99Ratio(official, ours).median()),
        paced ? NONE : rate(outcome, official),
        paced ? NONE : rate(outcome, ours),
        paced ? NONE : Figures.ratio(outcome.rateRatio(official, ours)),
        client == ClientKind.OFFICIAL
            ? toFloor(outcome, ours, floors)
            : Figures.ratio(outcome.p50Ratio(official(ClientKind.OFFICIAL), ours)));
  }

  private static String times(Outcome<Contender> outcome, Contender contender) {
    return Figures.micros(outcome.p50Nanos(contender).median())
        + " / "
        + Figures.micros(outcome.p99Nanos(contender).median());
  }

  private static String rate(Outcome<Contender> outcome, Contender contender) {
    double perSecond = outcome.perSecond(contender).median();
    long bytes = outcome.load().bytes();
    return bytes > 0 ? Figures.gigabytes(perSecond * bytes) : Figures.rate(perSecond);
  }

  private static String toFloor(Outcome<Contender> outcome, Contender contender, Floors floors) {
    Load load = outcome.load();
    double nanos = outcome.p50Nanos(contender).median();
    if (load.bytes() > 0) {
      double copyNanos = load.bytes() * NANOS_PER_SECOND / floors.copyBytesPerSecond(load.bytes());
      return Figures.ratio(nanos / copyNanos);
    }
    if (load.roundTrips() == 0 || load.clients() > 1) {
      return NONE;
    }
    return Figures.ratio(nanos / (load.roundTrips() * floors.officialCallNanos()));
  }
}
