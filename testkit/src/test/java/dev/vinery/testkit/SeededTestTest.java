package dev.vinery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

final class SeededTestTest {
  private static final List<Long> DRAWN = new ArrayList<>();

  @BeforeEach
  void forgetWhatWasDrawn() {
    DRAWN.clear();
  }

  @Test
  void everyRunHasASeedOfItsOwnInItsName() {
    EngineExecutionResults results = run(Drawing.class);

    List<Long> seeds = seeds(results);
    long base = seeds.getFirst();
    assertThat(seeds).containsExactly(base, base + 1, base + 2, base + 3, base + 4);
    assertThat(new HashSet<>(DRAWN)).hasSize(Drawing.RUNS);
    results.testEvents().assertStatistics(events -> events.succeeded(Drawing.RUNS));
  }

  @Test
  void buildsLookAtDifferentSeeds() {
    Set<Long> bases = new HashSet<>();
    for (int build = 0; build < 3; build++) {
      bases.add(seeds(run(Drawing.class)).getFirst());
    }

    assertThat(bases).hasSizeGreaterThan(1);
  }

  @Test
  void theSeedPropertyReplaysOneRun() {
    var results = run(Drawing.class);
    long third = seeds(results).get(2);
    long drawnByThird = DRAWN.get(2);
    DRAWN.clear();

    var replayed = replay(Drawing.class, Long.toString(third));

    assertThat(seeds(replayed)).containsExactly(third);
    assertThat(DRAWN).containsExactly(drawnByThird);
  }

  @Test
  void aFailureReportsItsSeedAndItsCause() {
    var results = replay(Failing.class, "-42");

    assertThat(failure(results))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("-Dvinery.seed=-42")
        .hasMessageContaining("the vat is empty")
        .hasRootCauseInstanceOf(IllegalStateException.class);
    assertThat(seeds(results)).containsExactly(-42L);
  }

  @Test
  void aSeedThatIsNoNumberIsRefused() {
    var results = replay(Drawing.class, "soon");

    assertThat(failure(results)).hasMessageContaining("vinery.seed").hasMessageContaining("soon");
  }

  @Test
  void aTestWithoutRunsIsRefused() {
    var results = run(NeverRunning.class);

    assertThat(failure(results)).hasMessage("runs must be at least 1: 0");
    assertThat(DRAWN).isEmpty();
  }

  private static EngineExecutionResults run(Class<?> testClass) {
    return EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass)).execute();
  }

  private static EngineExecutionResults replay(Class<?> testClass, String seed) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(testClass))
        .configurationParameter("vinery.seed", seed)
        .execute();
  }

  private static List<Long> seeds(EngineExecutionResults results) {
    return results
        .testEvents()
        .started()
        .map(Event::getTestDescriptor)
        .map(test -> Long.parseLong(test.getDisplayName().substring("seed ".length())))
        .toList();
  }

  private static Throwable failure(EngineExecutionResults results) {
    return results
        .allEvents()
        .failed()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .flatMap(result -> result.getThrowable().stream())
        .findFirst()
        .orElseThrow();
  }

  static final class Drawing {
    static final int RUNS = 5;

    @SeededTest(runs = RUNS)
    void draw(RandomGenerator random) {
      DRAWN.add(random.nextLong());
    }
  }

  static final class Failing {
    @SeededTest(runs = 3)
    void fail(RandomGenerator random) {
      throw new IllegalStateException("the vat is empty at " + random.nextInt());
    }
  }

  static final class NeverRunning {
    @SeededTest(runs = 0)
    void neverRuns(RandomGenerator random) {
      DRAWN.add(random.nextLong());
    }
  }
}
