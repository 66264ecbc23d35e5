package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/// Runs a load on several contenders in turns, A B A B …, so that whatever changes on the machine
/// changes for all of them.
///
/// Before the rounds every contender does the load for a while, which warms up the compilers of
/// Java on both sides and tells how many steps fill a turn. All contenders do the same number of
/// steps. A round in which others used the machine is done again; if that happens too often, the
/// calmest of those rounds make up the number.
///
/// Confined to one thread.
final class Comparison {
  /// A round is done again so many times as there are rounds, altogether, and not more often.
  private static final int REPEATS_PER_ROUND = 3;

  /// How long the rounds of one load wait, altogether, until others leave the machine alone.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int STEPS_OF_FIRST_WARM_UP = 5;
  private static final int WARM_UP_PARTS = 10;
  private static final double NANOS_PER_SECOND = 1e9;

  private final RunOptions options;
  private final ForeignWork foreign;
  private final Duration patience;

  /// Makes the worker of a contender's client.
  interface Opening {
    /// @param client counts the clients of a contender from 0
    Worker open(int client) throws PosixException;
  }

  /// One round: a turn of each contender.
  private record Round(double foreignWork, List<Turn> turns) {}

  Comparison(RunOptions options, ForeignWork foreign) {
    this(options, foreign, PATIENCE);
  }

  /// @param patience how long the rounds of one load wait, altogether, for calm
  Comparison(RunOptions options, ForeignWork foreign, Duration patience) {
    this.options = options;
    this.foreign = foreign;
    this.patience = patience;
  }

  /// @param contenders how the workers of each are made, in the order of their turns
  <K> Outcome<K> run(Load load, SequencedMap<K, Opening> contenders) throws PosixException {
    List<List<Worker>> workers = new ArrayList<>();
    try {
      for (Opening opening : contenders.values()) {
        List<Worker> some = new ArrayList<>();
        workers.add(some);
        for (int client = 0; client < load.clients(); client++) {
          some.add(opening.open(client));
        }
      }
      int steps = steps(load, workers);
      return outcome(load, List.copyOf(contenders.keySet()), rounds(load, workers, steps));
    } finally {
      workers.forEach(some -> some.forEach(Worker::close));
    }
  }

  /// Warms up, and returns how many steps of the slowest contender fill a turn.
  private int steps(Load load, List<List<Worker>> workers) {
    double slowest = Double.MAX_VALUE;
    for (List<Worker> some : workers) {
      slowest = Math.min(slowest, warmUp(load, some));
    }
    return stepsIn(options.turn(), slowest, load);
  }

  /// @return steps of all clients in a second, in the end
  private double warmUp(Load load, List<Worker> workers) {
    long deadlineNanos = System.nanoTime() + options.warmUp().toNanos();
    int steps = Math.min(STEPS_OF_FIRST_WARM_UP, load.stepsMax());
    while (true) {
      double perSecond = ClientThreads.run(load, workers, steps).perSecond();
      if (System.nanoTime() > deadlineNanos) {
        return perSecond;
      }
      steps = stepsIn(options.warmUp().dividedBy(WARM_UP_PARTS), perSecond, load);
    }
  }

  private static int stepsIn(Duration time, double perSecond, Load load) {
    double steps = perSecond / load.clients() * time.toNanos() / NANOS_PER_SECOND;
    return (int) Math.clamp(steps, load.stepsMin(), load.stepsMax());
  }

  private List<Round> rounds(Load load, List<List<Worker>> workers, int steps) {
    List<Round> all = new ArrayList<>();
    int calm = 0;
    int most = options.rounds() * (1 + REPEATS_PER_ROUND);
    Duration left = patience;
    while (calm < options.rounds() && all.size() < most) {
      left = left.minus(foreign.awaitCalm(options.foreignLimit(), left));
      foreign.start();
      List<Turn> turns = new ArrayList<>();
      for (List<Worker> some : workers) {
        turns.add(ClientThreads.run(load, some, steps));
      }
      var round = new Round(foreign.stop(), turns);
      all.add(round);
      if (round.foreignWork() <= options.foreignLimit()) {
        calm++;
      }
    }
    return all;
  }

  private <K> Outcome<K> outcome(Load load, List<K> contenders, List<Round> all) {
    List<Round> chosen = least(all, Round::foreignWork, options.rounds());
    SequencedMap<K, List<Turn>> turns = new LinkedHashMap<>();
    for (int i = 0; i < contenders.size(); i++) {
      int place = i;
      turns.put(contenders.get(i), chosen.stream().map(round -> round.turns().get(place)).toList());
    }
    long disturbed =
        chosen.stream().filter(round -> round.foreignWork() > options.foreignLimit()).count();
    return new Outcome<>(load, turns, all.size() - chosen.size(), (int) disturbed);
  }

  /// Those of which a quantity is least, in the order in which they come.
  static <T> List<T> least(List<T> all, ToDoubleFunction<T> quantity, int count) {
    List<T> chosen =
        all.stream().sorted(Comparator.comparingDouble(quantity)).limit(count).toList();
    return all.stream().filter(chosen::contains).toList();
  }
}
