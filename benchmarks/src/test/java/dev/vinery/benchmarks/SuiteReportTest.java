package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SuiteReportTest {
  private static final RunOptions OPTIONS = RunOptions.parse("--official", "/o", "--ours", "/u");

  private final List<String> progress = new ArrayList<>();
  private final SuiteReport report = new SuiteReport(new SmallPuts(), OPTIONS, progress::add);
  private final Floors floors = floors();

  private static Floors floors() {
    var floors = new Floors();
    for (Floors.Call call : Floors.Call.values()) {
      floors.add(call, turns(10));
    }
    floors.addCopies(1_000_000, List.of(Turn.ofSteps(micros(100)))); // 10 GB/s
    return floors;
  }

  @Test
  void aLoadIsARowOfTimesRatesAndRatios() {
    report.add(outcome(Load.of("put 64 B", 3), turns(150, 300, 160), turns(60, 60, 80)));

    assertThat(report.text(floors))
        .isEqualTo(
            """
            ## W1: Small puts: create, copy, seal, create the metadata

            Through the official client's calls:

            | load     | vineyardd p50 / p99 µs | Vinery p50 / p99 µs | p50 ratio (range) | p99 ratio | vineyardd per s | Vinery per s |    ratio (range) | Vinery / floor |
            | -------- | ---------------------: | ------------------: | ----------------: | --------: | --------------: | -----------: | ---------------: | -------------: |
            | put 64 B |              160 / 160 |         60.0 / 60.0 |  2.50 (2.00–5.00) |      2.50 |          6.25 k |       16.7 k | 2.50 (2.00–5.00) |           2.00 |

            """);
    assertThat(report.losses()).isEmpty();
    assertThat(progress).singleElement().asString().contains("put 64 B", "2.50 (2.00–5.00)");
  }

  @Test
  void aSuiteThatEndsEarlyKeepsWhatItHasAndSaysWhy() {
    report.add(outcome(Load.of("put 64 B", 3), turns(150), turns(60)));
    report.endedBy(new IllegalStateException("the daemon refused"));

    assertThat(report.text(floors))
        .contains("| put 64 B |")
        .endsWith("The suite ended early: the daemon refused\n\n");
  }

  @Test
  void whatMovesBytesIsAboutTheirSpeed() {
    Load load = Load.of("copy", 0).moving(1_000_000);
    report.add(outcome(load, turns(400), turns(200)));

    assertThat(report.text(floors)).contains("2.50 GB/s").contains("5.00 GB/s").contains(" 2.00 |");
  }

  @Test
  void ofAPacedLoadTheRateSaysNothing() {
    report.add(outcome(Load.of("get", 2).paced(1_000), turns(50), turns(40)));

    assertThat(report.text(floors))
        .contains("| get, 1,000 per second |")
        .contains("|               – |            – |             – |");
  }

  @Test
  void aLoadInWhichOthersDisturbedIsMarked() {
    SequencedMap<Contender, List<Turn>> turns = both(turns(50), turns(40));
    report.add(new Outcome<>(Load.of("get", 2), turns, 3, 1));

    assertThat(report.text(floors)).contains("| get * |");
    assertThat(report.discarded()).isEqualTo(3);
    assertThat(report.disturbed()).isEqualTo(1);
  }

  @Test
  void whatWasSlowerIsToldAndHowOften() {
    report.add(outcome(Load.of("equal", 1), turns(50, 50, 50), turns(50, 50, 50)));
    report.add(outcome(Load.of("mostly slower", 1), turns(50, 50, 50), turns(60, 60, 40)));
    report.add(outcome(Load.of("slower", 1), turns(50, 50, 50), turns(100, 100, 100)));

    assertThat(report.losses())
        .containsExactly(
            new SuiteReport.Loss(
                "W1: mostly slower, through the official client's calls: "
                    + "p50 0.83 (0.83–1.25), p99 0.83 (0.83–1.25), per second 0.83 (0.83–1.25)",
                false),
            new SuiteReport.Loss(
                "W1: slower, through the official client's calls: "
                    + "p50 0.50 (0.50–0.50), p99 0.50 (0.50–0.50), per second 0.50 (0.50–0.50)",
                true));
  }

  @Test
  void ourClientIsAlsoComparedWithTheOfficialPair() {
    SequencedMap<Contender, List<Turn>> turns = both(turns(160), turns(80));
    turns.put(new Contender(ClientKind.JAVA, Side.OFFICIAL), turns(120));
    turns.put(new Contender(ClientKind.JAVA, Side.OURS), turns(40));
    report.add(new Outcome<>(Load.of("put", 3), turns, 0, 0));

    assertThat(report.text(floors))
        .contains("Through our Java client:")
        .contains("p50 ratio to the official pair")
        .contains("3.00 (3.00–3.00)")
        .contains("4.00 (4.00–4.00)");
  }

  private static Outcome<Contender> outcome(Load load, List<Turn> official, List<Turn> ours) {
    return new Outcome<>(load, both(official, ours), 0, 0);
  }

  private static SequencedMap<Contender, List<Turn>> both(List<Turn> official, List<Turn> ours) {
    SequencedMap<Contender, List<Turn>> turns = new LinkedHashMap<>();
    turns.put(new Contender(ClientKind.OFFICIAL, Side.OFFICIAL), official);
    turns.put(new Contender(ClientKind.OFFICIAL, Side.OURS), ours);
    return turns;
  }

  /// One turn for each of these times of a step.
  private static List<Turn> turns(long... stepMicros) {
    return LongStream.of(stepMicros).mapToObj(micros -> Turn.ofSteps(micros(micros))).toList();
  }

  private static Percentiles micros(long micros) {
    return new Percentiles(new long[] {micros * 1_000});
  }
}
