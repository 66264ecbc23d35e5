package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.client.HeldLock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vinery lock`: runs a program while it holds a lock of the cluster.
@Command(
    name = "lock",
    description = {
      "Runs a program while no other client of the cluster holds the same lock. The exit status is"
          + " the program's.",
    },
    mixinStandardHelpOptions = true,
    footer = {
      "%nExamples:",
      "  vinery lock /nightly ./import.sh",
      "  vinery lock --wait 5 /a true"
    })
final class LockCommand implements Callable<Integer> {
  private final Target target;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "86400",
      description = "How long to wait for the lock at most. Default: a day.")
  private double waitSeconds;

  @Parameters(index = "0", paramLabel = "NAME", description = "The lock, such as /nightly.")
  private String name = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "The program to run, and its arguments.")
  private List<String> program = List.of();

  private LockCommand(Target target) {
    this.target = target;
  }

  static CommandLine commandLine(Target target) {
    // What follows the lock's name belongs to the program, options too.
    return new CommandLine(new LockCommand(target)).setStopAtPositional(true);
  }

  @Override
  public Integer call() throws InterruptedException {
    try (Client client = target.connect();
        HeldLock _ = client.lock(name, Duration.ofMillis((long) (waitSeconds * 1000)))) {
      Process running = new ProcessBuilder(program).inheritIO().start();
      return running.waitFor();
    } catch (IOException e) {
      throw new UsageException("cannot run '%s': %s".formatted(program.getFirst(), e.getMessage()));
    }
  }
}
