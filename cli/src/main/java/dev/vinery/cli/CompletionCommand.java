package dev.vinery.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `vinery completion`: what makes a shell complete verbs and options.
@Command(
    name = "completion",
    description = "Prints a script that makes bash or zsh complete verbs and options.",
    mixinStandardHelpOptions = true,
    footer = {"%nExample:", "  source <(vinery completion)"})
final class CompletionCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.out().print(AutoComplete.bash("vinery", spec.root().commandLine()));
    return ExitStatus.DONE;
  }
}
