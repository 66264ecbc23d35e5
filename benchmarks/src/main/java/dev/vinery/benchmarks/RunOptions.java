package dev.vinery.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/// What the user asked for. Immutable.
///
/// @param quick whether a look is enough: fewer sizes, shorter turns
/// @param rounds how many rounds each load has
/// @param only ids of the suites to run; empty for all
/// @param out the file for the report, which is printed in any case
/// @param official the official daemon's program
/// @param ours our daemon's program
/// @param same whether the official daemon is compared with itself, to see the noise
/// @param placement which processors are used
/// @param memory what each daemon may give to clients, as the flag `--size` takes it
/// @param soak how long both daemons are soaked together
/// @param foreignLimit how much of the machine others may use in a round, in processors
/// @param etcdMembers of how many members the etcd of a cluster's benchmarks consists
record RunOptions(
    boolean quick,
    int rounds,
    Set<String> only,
    Optional<Path> out,
    Path official,
    Path ours,
    boolean same,
    Placement placement,
    String memory,
    Duration soak,
    double foreignLimit,
    int etcdMembers) {
  static final String USAGE =
      """
      benchmarks/run [options]        runs the same loads on the official daemon and on ours
      benchmarks/run cluster [options] the same over one etcd, and clusters of many instances
      benchmarks/run parts [options]  runs the benchmarks of parts, with the options of JMH

      --quick           a look: fewer sizes, shorter turns, 3 rounds
      --rounds N        rounds of each load, 7 unless said
      --only W1,W2      only these suites: W0 W1 W2 W3 W4 W5 W6 W7 W9 W10 W11 W12 T1 IO
                        of a cluster: calls joins migrations emulated
      --members N       of a cluster: an etcd of so many members, 1 unless said
      --out FILE        writes the report, in Markdown, to a file too
      --official PATH   the official vineyardd; unless said, that of the conformance tests
      --ours PATH       our vineyardd; unless said, the one of this repository
      --same            compares the official daemon with itself, to see the noise
      --pin WHERE       two: daemons and clients on a processor each; one: all on one; none
      --size SIZE       memory of each daemon, 4G unless said
      --minutes N       how long W12 lasts, which runs only if --only names it; 30 unless said
      --foreign PERCENT rounds in which others use more of a processor are done again, 5 unless said
      """;

  private static final int SOAK_MINUTES = 30;
  private static final int ROUNDS = 7;
  private static final int QUICK_ROUNDS = 3;
  private static final double PERCENT = 100;

  RunOptions {
    if (rounds < 1) {
      throw new IllegalArgumentException("--rounds must be at least 1: " + rounds);
    }
    if (!(foreignLimit > 0)) {
      throw new IllegalArgumentException("--foreign must be above 0");
    }
    if (etcdMembers < 1) {
      throw new IllegalArgumentException("--members must be at least 1: " + etcdMembers);
    }
    only = Set.copyOf(only);
  }

  /// How long each contender has in a round, roughly.
  Duration turn() {
    return Duration.ofMillis(quick ? 150 : 400);
  }

  /// How long each contender does a load before the rounds.
  Duration warmUp() {
    return Duration.ofMillis(quick ? 300 : 1_000);
  }

  /// Whether a suite is to be run.
  ///
  /// @param optional whether it is not one of those that a run without `--only` has
  boolean wants(String suite, boolean optional) {
    return only.isEmpty() ? !optional : only.contains(suite);
  }

  DaemonProgram program(Side side) {
    return switch (side) {
      case OFFICIAL -> new DaemonProgram("vineyardd", "official", official);
      case OURS ->
          same
              ? new DaemonProgram("vineyardd again", "again", official)
              : new DaemonProgram("Vinery", "ours", ours);
    };
  }

  /// Reads a command line.
  ///
  /// @throws IllegalArgumentException if it cannot be understood
  static RunOptions parse(String... args) {
    var given = new Given();
    Deque<String> rest = new ArrayDeque<>(List.of(args));
    while (!rest.isEmpty()) {
      given.take(rest.pop(), rest);
    }
    return given.options();
  }

  /// The options found so far.
  private static final class Given {
    private boolean quick;
    private OptionalInt rounds = OptionalInt.empty();
    private final Set<String> only = new TreeSet<>();
    private Optional<Path> out = Optional.empty();
    private Optional<Path> official = Optional.empty();
    private Optional<Path> ours = Optional.empty();
    private boolean same;
    private Placement placement = Placement.NONE;
    private String memory = "4G";
    private int soakMinutes = SOAK_MINUTES;
    private double foreignPercent = 5;
    private int etcdMembers = 1;

    void take(String option, Deque<String> rest) {
      switch (option) {
        case "--quick" -> quick = true;
        case "--same" -> same = true;
        case "--rounds" -> rounds = OptionalInt.of(whole(option, rest));
        case "--only" -> only.addAll(List.of(value(option, rest).split(",", -1)));
        case "--out" -> out = Optional.of(Path.of(value(option, rest)));
        case "--official" -> official = Optional.of(program(option, rest));
        case "--ours" -> ours = Optional.of(program(option, rest));
        case "--pin" -> placement = Placement.of(value(option, rest));
        case "--size" -> memory = value(option, rest);
        case "--minutes" -> soakMinutes = whole(option, rest);
        case "--members" -> etcdMembers = whole(option, rest);
        case "--foreign" -> foreignPercent = number(option, rest);
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }

    private static Path program(String option, Deque<String> rest) {
      return Path.of(value(option, rest)).toAbsolutePath();
    }

    private static String value(String option, Deque<String> rest) {
      if (rest.isEmpty()) {
        throw new IllegalArgumentException(option + " needs a value");
      }
      return rest.pop();
    }

    private static int whole(String option, Deque<String> rest) {
      double value = number(option, rest);
      if (value != Math.rint(value)) {
        throw new IllegalArgumentException(option + " needs a whole number, not " + value);
      }
      return (int) value;
    }

    private static double number(String option, Deque<String> rest) {
      String value = value(option, rest);
      try {
        return Double.parseDouble(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(option + " needs a number, not " + value, e);
      }
    }

    RunOptions options() {
      Path officialPath =
          official.orElseThrow(() -> new IllegalArgumentException("--official is needed"));
      return new RunOptions(
          quick,
          rounds.orElse(quick ? QUICK_ROUNDS : ROUNDS),
          only,
          out,
          officialPath,
          ours.orElse(officialPath),
          same || ours.isEmpty(),
          placement,
          memory,
          Duration.ofMinutes(soakMinutes),
          foreignPercent / PERCENT,
          etcdMembers);
    }
  }
}
