package dev.vinery.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Which processors daemons and clients may use.
enum Placement {
  /// Daemons on processor 0, clients on processor 1: every call wakes the other one.
  TWO("daemons on processor 0, clients on processor 1", "0", "1"),
  /// All on processor 0: a call is a change of threads.
  ONE("daemons and clients on processor 0", "0", "0"),
  /// Where the scheduler puts them, as users run them.
  NONE("not pinned", "", "");

  private final String description;
  private final String daemonProcessors;
  private final String clientProcessors;

  Placement(String description, String daemonProcessors, String clientProcessors) {
    this.description = description;
    this.daemonProcessors = daemonProcessors;
    this.clientProcessors = clientProcessors;
  }

  /// @param name as the option `--pin` takes it
  static Placement of(String name) {
    return switch (name) {
      case "two" -> TWO;
      case "one" -> ONE;
      case "none" -> NONE;
      default -> throw new IllegalArgumentException("--pin takes two, one or none, not " + name);
    };
  }

  String description() {
    return description;
  }

  /// The command that runs a server where it belongs.
  List<String> server(List<String> command) {
    if (daemonProcessors.isEmpty()) {
      return command;
    }
    var pinned = new ArrayList<>(List.of("taskset", "-c", daemonProcessors));
    pinned.addAll(command);
    return pinned;
  }

  /// Moves all threads of this process, present and future, where clients belong.
  void apply() throws IOException, InterruptedException {
    if (clientProcessors.isEmpty()) {
      return;
    }
    String pid = Long.toString(ProcessHandle.current().pid());
    Process taskset =
        new ProcessBuilder("taskset", "-a", "-p", "-c", clientProcessors, pid)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (taskset.waitFor() != 0) {
      throw new IOException("cannot pin this process to processor " + clientProcessors);
    }
  }
}
