package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class ClientThreadsTest {
  private static final long MILLI = 1_000_000;

  /// Writes down what it is told to do, and takes its time over it.
  private static final class Diary implements Worker {
    private final List<String> entries = new ArrayList<>();
    private final long stepNanos;
    private final long undoNanos;

    Diary(long stepNanos, long undoNanos) {
      this.stepNanos = stepNanos;
      this.undoNanos = undoNanos;
    }

    @Override
    public void prepare(int steps) {
      entries.add("prepare " + steps);
    }

    @Override
    public void step(int index) {
      entries.add("step " + index);
      rest(stepNanos);
    }

    @Override
    public void undo(int index) {
      entries.add("undo " + index);
      rest(undoNanos);
    }

    @Override
    public void finish(int steps) {
      entries.add("finish " + steps);
    }

    @Override
    public void close() {}

    private static void rest(long nanos) {
      long endNanos = System.nanoTime() + nanos;
      while (System.nanoTime() < endNanos) {
        LockSupport.parkNanos(endNanos - System.nanoTime());
      }
    }
  }

  @Test
  void everyClientDoesAllItsSteps() {
    List<Diary> diaries = List.of(new Diary(0, 0), new Diary(0, 0), new Diary(0, 0));

    Turn turn = ClientThreads.run(Load.of("x", 1).withClients(3), List.copyOf(diaries), 2);

    assertThat(turn.times().count()).isEqualTo(6);
    for (Diary diary : diaries) {
      assertThat(diary.entries)
          .containsExactly("prepare 2", "step 0", "undo 0", "step 1", "undo 1", "finish 2");
    }
  }

  @Test
  void clientsRunAtTheSameTime() {
    int clients = 4;
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      workers.add(new Diary(30 * MILLI, 0));
    }

    Turn turn = ClientThreads.run(Load.of("x", 1).withClients(clients), workers, 5);

    // One after the other they would do at most 1000 / 30 steps in a second.
    assertThat(turn.perSecond()).isGreaterThan(40);
    assertThat(turn.p50Nanos()).isGreaterThanOrEqualTo(30 * MILLI);
  }

  @Test
  void undoingDoesNotCountAsTime() {
    Worker worker = new Diary(MILLI, 20 * MILLI);

    Turn turn = ClientThreads.run(Load.of("x", 1).undoing(), List.of(worker), 5);

    assertThat(turn.times().count()).isEqualTo(5);
    assertThat(turn.perSecond())
        .isCloseTo(
            5e9 / turn.times().sumNanos(), org.assertj.core.data.Percentage.withPercentage(1));
  }

  @Test
  void aPacedClientWaitsForItsTime() {
    Worker worker = new Diary(0, 0);
    long start = System.nanoTime();

    ClientThreads.run(Load.of("x", 1).paced(200), List.of(worker), 20);

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20 * 5 * MILLI);
  }

  @Test
  void aClientThatFailsEndsTheTurn() {
    var steps = new AtomicInteger();
    Worker sound = new Diary(0, 0);
    Worker failing =
        new Worker() {
          @Override
          public void step(int index) {
            if (steps.incrementAndGet() == 3) {
              throw new IllegalStateException("the daemon has gone");
            }
          }

          @Override
          public void close() {}
        };

    assertThatThrownBy(
            () -> ClientThreads.run(Load.of("x", 1).withClients(2), List.of(sound, failing), 1_000))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("x, 2 clients failed: the daemon has gone");
  }
}
