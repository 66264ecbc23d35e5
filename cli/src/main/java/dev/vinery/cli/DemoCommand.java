package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.client.ConnectOptions;
import dev.vinery.client.Vinery;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import dev.vinery.types.DataFrame;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/// `vinery demo`: a table that one process puts and others read, on this machine, now.
@Command(
    name = "demo",
    description = {
      "Starts a daemon of its own, puts a real table under a name, and has a second process read it"
          + " without a copy. If python3 has the official client (pip install vineyard), that reads"
          + " it, too. Stops what it started."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String TABLE = "penguins";
  private static final String TABLE_RESOURCE = "penguins.csv";
  private static final String PYTHON_RESOURCE = "demo.py";
  private static final Duration START_WAIT = Duration.ofSeconds(20);
  private static final Duration STOP_WAIT = Duration.ofSeconds(10);

  /// What the script in Python exits with where the official client is not installed.
  private static final int NO_CLIENT = 3;

  private final Console console;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("vinery-demo");
    Path socket = directory.resolve("socket");
    Process daemon = start(directory, socket);
    var cleanUp = new Thread(() -> cleanUp(daemon, directory));
    Runtime.getRuntime().addShutdownHook(cleanUp);
    try {
      return show(directory, socket, daemon);
    } finally {
      Runtime.getRuntime().removeShutdownHook(cleanUp);
      cleanUp(daemon, directory);
    }
  }

  /// Waits for the daemon to go, so that nothing is left when this process has ended.
  private static void cleanUp(Process daemon, Path directory) {
    daemon.destroy();
    try {
      if (!daemon.waitFor(STOP_WAIT)) {
        daemon.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      daemon.destroyForcibly();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException gone) {
      // Then there is nothing to delete.
    }
  }

  private static Process start(Path directory, Path socket) throws IOException {
    List<String> flags =
        List.of("--meta=local", "--size=64M", "--socket=" + socket, "--socket_mode=700", "--norpc");
    return new ProcessBuilder(ThisJvm.command(Vineyardd.class, flags))
        .redirectOutput(Redirect.DISCARD)
        .redirectError(directory.resolve("log").toFile())
        .start();
  }

  private int show(Path directory, Path socket, Process daemon)
      throws IOException, InterruptedException {
    var out = console.out();
    try (Client client = connect(socket, directory, daemon)) {
      out.printf("1. A daemon runs: pid %d, socket %s%n", daemon.pid(), socket);
      DataFrame table = readTable(directory);
      ObjectId id = client.put(table, TABLE);
      out.printf(
          "2. This process, pid %d, read %s, %d rows, and put it as '%s': %s%n",
          ProcessHandle.current().pid(), TABLE_RESOURCE, table.rowCount(), TABLE, id);
    }
    Path java = directory.resolve("java.json");
    Process reader = startReader(socket, java);
    out.printf("3. Another process, pid %d, gets '%s' by its name:%n", reader.pid(), TABLE);
    out.flush();
    if (reader.waitFor() != 0) {
      throw new StoreException(Status.UNKNOWN, "the second process failed, see above");
    }
    out.println();
    return compareWithPython(directory, socket, DemoFigures.read(java));
  }

  private static Client connect(Path socket, Path directory, Process daemon) throws IOException {
    try {
      return Vinery.connect(socket, ConnectOptions.DEFAULT.withPatience(START_WAIT));
    } catch (ConnectionException e) {
      String log = Files.readString(directory.resolve("log")).strip();
      throw new StoreException(
          Status.UNKNOWN,
          daemon.isAlive() ? String.valueOf(e.getMessage()) : "the daemon did not start: " + log);
    }
  }

  private static DataFrame readTable(Path directory) throws IOException {
    Path file = directory.resolve(TABLE_RESOURCE);
    try (InputStream resource = resource(TABLE_RESOURCE)) {
      Files.copy(resource, file);
    }
    return CsvTable.read(file, ',', new AtomicLong());
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(DemoCommand.class.getResourceAsStream(name), name);
  }

  private static Process startReader(Path socket, Path figures) throws IOException {
    List<String> arguments =
        List.of("demo-reader", "--socket=" + socket, "--figures=" + figures, TABLE);
    return new ProcessBuilder(ThisJvm.command(VineryCommand.class, arguments)).inheritIO().start();
  }

  private int compareWithPython(Path directory, Path socket, DemoFigures java)
      throws IOException, InterruptedException {
    Path python = directory.resolve("python.json");
    Process reader;
    try {
      reader = startPython(socket, python);
    } catch (IOException e) {
      console
          .out()
          .println(
              "4. There is no python3 here; with one, to see it read the same: pip install"
                  + " vineyard");
      return ExitStatus.DONE;
    }
    int status = reader.waitFor();
    if (status == NO_CLIENT) {
      console
          .out()
          .println(
              "4. python3 has no official client here; to see it read the same: pip install"
                  + " vineyard");
      return ExitStatus.DONE;
    }
    if (status != 0) {
      throw new StoreException(Status.UNKNOWN, "the official Python client failed, see above");
    }
    boolean agree = java.agreesWith(DemoFigures.read(python));
    console
        .out()
        .println(
            agree
                ? "   Both found the same figures."
                : "   Both found different figures, which is a bug: please report it.");
    return agree ? ExitStatus.DONE : ExitStatus.REFUSED;
  }

  /// Runs the script, which prints for itself.
  private static Process startPython(Path socket, Path figures) throws IOException {
    String script;
    try (InputStream resource = resource(PYTHON_RESOURCE)) {
      script = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
    return new ProcessBuilder(
            "python3",
            "-c",
            script,
            socket.toString(),
            TABLE,
            figures.toString(),
            DemoFigures.GROUP,
            String.join(",", DemoFigures.MEASURED))
        .inheritIO()
        .start();
  }
}
