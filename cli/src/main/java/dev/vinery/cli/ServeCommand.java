package dev.vinery.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `vinery serve`: what `vineyardd` does, with the same flags.
@Command(
    name = "serve",
    description = {
      "Runs a daemon until it is told to stop: the same as vineyardd, with the same flags.",
      "'vinery serve --help' lists them."
    })
final class ServeCommand implements Callable<Integer> {
  private final Target target;

  @Parameters(arity = "0..*", paramLabel = "--flag=value", description = "A flag of the daemon.")
  private List<String> flags = List.of();

  private ServeCommand(Target target) {
    this.target = target;
  }

  /// A command line that passes on the options it does not know.
  static CommandLine commandLine(Target target) {
    return new CommandLine(new ServeCommand(target)).setUnmatchedOptionsArePositionalParams(true);
  }

  @Override
  public Integer call() {
    List<String> all = new ArrayList<>();
    target.socket().ifPresent(socket -> all.add("--socket=" + socket));
    all.addAll(flags);
    return Vineyardd.run(all, System.getenv(), System.out, System.err);
  }
}
