package dev.vinery.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A reader of CSV of the world of Python, with two workers. Each time it runs in a process of its
/// own, whose start does not count.
enum CsvReader {
  PYARROW(
      "pyarrow.csv.read_csv",
      """
      import pyarrow, pyarrow.csv
      pyarrow.set_cpu_count(2)
      def read():
          return pyarrow.csv.read_csv(file)
      def count(table):
          return table.num_rows
      """),
  DUCKDB(
      "DuckDB's read_csv to a table",
      """
      import duckdb
      database = duckdb.connect()
      database.execute("SET threads = 2")
      def read():
          database.execute("CREATE TABLE t AS SELECT * FROM read_csv(?)", [file])
      def count(_):
          return database.execute("SELECT count(*) FROM t").fetchone()[0]
      """),
  VINEYARD_IO(
      "vineyard-io on the official daemon",
      """
      import vineyard, vineyard.io
      def read():
          return vineyard.io.open(
              "file://" + file,
              accumulate=True,
              num_workers=2,
              vineyard_ipc_socket=socket,
              vineyard_endpoint=endpoint,
              read_options={"header_row": True, "delimiter": ","},
          )
      def count(frame):
          client = vineyard.connect(socket)
          meta = client.get_meta(getattr(frame, "id", frame))
          total = 0
          for i in range(int(meta["partitions_-size"])):
              part = client.get(meta.get_member("partitions_-%d" % i).id)
              total += len(part)
          return total
      """);

  /// Reads the file and prints how many seconds that took, and how many rows there are.
  private static final String END =
      """
      import time
      start = time.perf_counter()
      table = read()
      seconds = time.perf_counter() - start
      print("result", seconds, count(table))
      """;

  /// From the official daemon up to the folder of the environment that it was installed into.
  private static final int LEVELS_TO_ENVIRONMENT = 6;

  private final String title;
  private final String script;

  CsvReader(String title, String script) {
    this.title = title;
    this.script = script;
  }

  /// What people call it.
  String title() {
    return title;
  }

  /// How long it took once.
  ///
  /// @param rows that it found
  record Once(double seconds, long rows) {}

  /// @param official the official daemon that runs
  Once read(Path file, DaemonProcess official) throws IOException {
    String begin = "import sys\nfile, socket, endpoint = sys.argv[1:4]\n";
    var builder =
        new ProcessBuilder(
            interpreter(official.program().path()).toString(),
            "-c",
            begin + script + END,
            file.toString(),
            official.socket().toString(),
            "127.0.0.1:" + official.address().getPort());
    String bin = interpreter(official.program().path()).resolveSibling("").toString();
    builder.environment().merge("PATH", bin, (old, own) -> own + ":" + old); // its drivers
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(title + " failed: see above");
    }
    String[] result =
        output
            .lines()
            .filter(line -> line.startsWith("result "))
            .findFirst()
            .orElseThrow(() -> new IOException(title + " has printed no result"))
            .split(" ", -1);
    return new Once(Double.parseDouble(result[1]), Long.parseLong(result[2]));
  }

  private static Path interpreter(Path official) {
    Path folder = official;
    for (int i = 0; i < LEVELS_TO_ENVIRONMENT; i++) {
      folder = folder.resolve("..").normalize();
    }
    return folder.resolve("bin").resolve("python");
  }
}
