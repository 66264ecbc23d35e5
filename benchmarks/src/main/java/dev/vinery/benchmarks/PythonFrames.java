package dev.vinery.benchmarks;

import dev.vinery.client.Client;
import dev.vinery.types.DataFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// How long the official Python client takes to get a frame, put by Java or by itself. Immutable.
final class PythonFrames {
  private static final int ROWS = 100_000;
  private static final String JAVA_NAME = "benchmarks/frame-of-java";

  /// From the official daemon up to the folder of the environment that it was installed into.
  private static final int LEVELS_TO_ENVIRONMENT = 6;

  /// Puts a frame like Java's, and prints in each round the medians of so many gets: of Python's
  /// frame, and of Java's, in microseconds.
  private static final String SCRIPT =
      """
      import statistics, sys, time
      import numpy, pandas, vineyard
      client = vineyard.connect(sys.argv[1])
      java = client.get_name(sys.argv[2])
      rows = int(sys.argv[3])
      frame = pandas.DataFrame(
          {"a": numpy.arange(rows), "b": numpy.arange(rows) / 7, "c": numpy.arange(rows) % 3 == 0})
      python = client.put(frame)
      assert client.get(java).equals(frame) and client.get(python).equals(frame)
      def median(frame):
          times = []
          for _ in range(200):
              start = time.perf_counter()
              client.get(frame)
              times.append(time.perf_counter() - start)
          return statistics.median(times) * 1e6
      median(python), median(java)
      for _ in range(9):
          print(median(python), median(java))
      """;

  private final Path official;

  /// @param official the official daemon, as it lies in an environment of Python
  PythonFrames(Path official) {
    this.official = official;
  }

  /// The medians of one round, in microseconds.
  private record Round(double python, double java) {}

  MarkdownTable compare(Client client, Path socket) throws IOException {
    client.put(frame(), JAVA_NAME);
    List<Round> rounds = run(socket).stream().map(PythonFrames::round).toList();
    var table =
        new MarkdownTable(
            "Python's get of a frame of " + Figures.count(ROWS) + " rows, put by",
            "p50 µs",
            "speed / that of Python's");
    table.row("Python", Figures.number(Spread.of(rounds, Round::python).median()), "1.00");
    table.row(
        "Java",
        Figures.number(Spread.of(rounds, Round::java).median()),
        Figures.ratio(Spread.ofRatios(rounds, rounds, (one, same) -> one.python() / same.java())));
    return table;
  }

  private static DataFrame frame() {
    long[] a = new long[ROWS];
    double[] b = new double[ROWS];
    boolean[] c = new boolean[ROWS];
    for (int i = 0; i < ROWS; i++) {
      a[i] = i;
      b[i] = i / 7.0;
      c[i] = i % 3 == 0;
    }
    return DataFrame.builder().column("a", a).column("b", b).column("c", c).build();
  }

  private static Round round(String line) {
    String[] medians = line.split(" ", -1);
    return new Round(Double.parseDouble(medians[0]), Double.parseDouble(medians[1]));
  }

  /// @return what the script printed, line by line
  private List<String> run(Path socket) throws IOException {
    Process process =
        new ProcessBuilder(
                interpreter().toString(),
                "-c",
                SCRIPT,
                socket.toString(),
                JAVA_NAME,
                Integer.toString(ROWS))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("Python failed to compare frames: see above");
    }
    return output.lines().toList();
  }

  private Path interpreter() {
    Path folder = official;
    for (int i = 0; i < LEVELS_TO_ENVIRONMENT; i++) {
      folder = folder.resolve("..").normalize();
    }
    return folder.resolve("bin").resolve("python");
  }
}
