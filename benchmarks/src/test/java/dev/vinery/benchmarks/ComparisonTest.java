package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  private static final RunOptions OPTIONS =
      RunOptions.parse("--quick", "--rounds", "4", "--official", "/o", "--foreign", "100000");
  private static final RunOptions NEVER_CALM =
      RunOptions.parse("--quick", "--rounds", "2", "--official", "/o", "--foreign", "0.000001");

  private final List<String> turns = new CopyOnWriteArrayList<>();
  private final AtomicInteger closed = new AtomicInteger();

  @Test
  void contendersTakeTurnsAndDoTheSameNumberOfSteps() throws Exception {
    Outcome<String> outcome =
        comparison(OPTIONS).run(Load.of("x", 1).withClients(2), contenders("A", "B"));

    List<String> rounds = turns.subList(turns.size() - 8, turns.size());
    String a = rounds.get(0);
    assertThat(a).startsWith("A ");
    String b = "B" + a.substring(1);
    assertThat(rounds).containsExactly(a, b, a, b, a, b, a, b);
    assertThat(outcome.turns("A")).hasSize(4);
    assertThat(outcome.turns("B")).hasSize(4);
    assertThat(outcome.turns("A").getFirst().times().count())
        .isEqualTo(outcome.turns("B").getFirst().times().count());
    assertThat(outcome.discarded()).isZero();
    assertThat(outcome.disturbed()).isZero();
    assertThat(closed).hasValue(4);
  }

  @Test
  void stepsStayWithinTheBoundsOfTheLoad() throws Exception {
    comparison(OPTIONS).run(Load.of("x", 1).withSteps(2, 3), contenders("A"));

    assertThat(turns.subList(turns.size() - 4, turns.size())).containsOnly("A 3");
  }

  @Test
  void whenOthersNeverRestTheCalmestRoundsCountAndAreToldOf() throws Exception {
    var reading = new AtomicInteger();
    var busy = new ForeignWork(() -> Duration.ofHours(reading.incrementAndGet()));

    Outcome<String> outcome =
        new Comparison(NEVER_CALM, busy, Duration.ZERO)
            .run(Load.of("x", 1).withSteps(1, 1), contenders("A"));

    assertThat(outcome.turns("A")).hasSize(2);
    assertThat(outcome.discarded()).isEqualTo(6);
    assertThat(outcome.disturbed()).isEqualTo(2);
  }

  @Test
  void theLeastAreTakenInTheirOrder() {
    List<Integer> least = Comparison.least(List.of(5, 1, 4, 2, 3), Integer::doubleValue, 3);

    assertThat(least).containsExactly(1, 2, 3);
  }

  private Comparison comparison(RunOptions options) {
    return new Comparison(options, new ForeignWork(() -> Duration.ZERO));
  }

  /// Contenders whose first clients write down each turn, with its number of steps.
  private SequencedMap<String, Comparison.Opening> contenders(String... names) {
    SequencedMap<String, Comparison.Opening> contenders = new LinkedHashMap<>();
    for (String name : names) {
      contenders.put(name, client -> worker(name, client == 0 ? turns : new ArrayList<>()));
    }
    return contenders;
  }

  private Worker worker(String name, List<String> diary) {
    return new Worker() {
      @Override
      public void prepare(int steps) {
        diary.add(name + " " + steps);
      }

      @Override
      public void step(int index) {
        Thread.onSpinWait();
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }
}
