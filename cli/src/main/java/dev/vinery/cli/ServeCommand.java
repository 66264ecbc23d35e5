package dev.vinery.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
  /// The command line must be told to pass flags of the daemon on, see [VineryCommand].
  static final String NAME = "serve";

  private final Target target;

  @Parameters(arity = "0..*", paramLabel = "--flag=value", description = "A flag of the daemon.")
  private List<String> flags = List.of();

  ServeCommand(Target target) {
    this.target = target;
  }

  @Override
  public Integer call() {
    List<String> all = new ArrayList<>();
    target.socket().ifPresent(socket -> all.add("--socket=" + socket));
    all.addAll(flags);
    return Vineyardd.run(all, System.getenv(), System.out, System.err);
  }
}
