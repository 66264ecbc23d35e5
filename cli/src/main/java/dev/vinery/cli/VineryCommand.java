package dev.vinery.cli;

import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `vinery`: a verb for everything that people and scripts do with a daemon.
@Command(
    name = "vinery",
    description = "Puts objects into the shared memory of a daemon, and looks at them.",
    mixinStandardHelpOptions = true,
    versionProvider = VineryCommand.Versions.class,
    synopsisSubcommandLabel = "VERB",
    commandListHeading = "%nVerbs:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:Done.",
      "1:The store refused, or there is no such object or name.",
      "2:The command line cannot be obeyed.",
      "3:No daemon can be reached.",
      "4:A file cannot be read, understood or written."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  vinery demo",
      "  vinery serve --size 2G --socket /tmp/vineyard.sock",
      "  export VINEYARD_IPC_SOCKET=/tmp/vineyard.sock",
      "  vinery put flights.csv --name flights",
      "  vinery ls",
      "  vinery get flights --limit 5",
      "  vinery --endpoint data.example:9600 status",
      "",
      "VINERY_DEBUG=1 shows where an error comes from."
    })
public final class VineryCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private VineryCommand() {}

  /// Runs a verb and exits with its status.
  ///
  /// @param arguments what was typed behind `vinery`
  public static void main(String[] arguments) {
    int status = ExitStatus.REFUSED;
    try {
      status = run(List.of(arguments), Console.ofProcess());
    } finally {
      System.exit(status);
    }
  }

  /// Runs a verb.
  ///
  /// @return the exit status of the process, see [ExitStatus]
  static int run(List<String> arguments, Console console) {
    // Numbers look the same everywhere, because scripts read them.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    int status = commandLine(console).execute(arguments.toArray(String[]::new));
    console.out().flush();
    console.err().flush();
    return status;
  }

  static CommandLine commandLine(Console console) {
    var target = new Target(console.environment());
    var commandLine = new CommandLine(new VineryCommand());
    commandLine.addMixin("target", target);
    return commandLine
        .addSubcommand(new DemoCommand(console))
        .addSubcommand(new DemoReader(console, target))
        .addSubcommand(ServeCommand.commandLine(target))
        .addSubcommand(new PutCommand(console, target))
        .addSubcommand(new GetCommand(console, target))
        .addSubcommand(new OpenCommand(console, target))
        .addSubcommand(new SerializeCommand(console, target))
        .addSubcommand(new DeserializeCommand(console, target))
        .addSubcommand(new LsCommand(console, target))
        .addSubcommand(new InspectCommand(console, target))
        .addSubcommand(new RmCommand(console, target))
        .addSubcommand(NameCommand.commandLine(console, target))
        .addSubcommand(new StatusCommand(console, target))
        .addSubcommand(new ClusterCommand(console, target))
        .addSubcommand(new FetchCommand(console, target))
        .addSubcommand(new SpreadCommand(console, target))
        .addSubcommand(new MigrateCommand(console, target))
        .addSubcommand(LockCommand.commandLine(target))
        .addSubcommand(new CompletionCommand(console))
        .setOut(console.out())
        .setErr(console.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, _) -> misused(e, console))
        .setExecutionExceptionHandler((e, line, _) -> failed(e, line, console));
  }

  /// Without a verb there is nothing to do but to say what there is.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a verb is missing");
  }

  private static int misused(ParameterException e, Console console) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    console.err().printf("%s: %s; see %s --help%n", command, Text.harmless(advice(e)), command);
    trace(e, console);
    return ExitStatus.USAGE;
  }

  private static String advice(ParameterException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()) {
      String word = unmatched.getUnmatched().getFirst();
      var verbs = e.getCommandLine().getSubcommands().keySet();
      return Spelling.nearest(word, verbs)
          .map(near -> "there is no verb '" + word + "', did you mean '" + near + "'?")
          .orElse("'" + word + "' is not expected here");
    }
    return message.lines().findFirst().orElse(message);
  }

  private static int failed(Exception e, CommandLine line, Console console) {
    int status =
        switch (e) {
          case UsageException _ -> ExitStatus.USAGE;
          case ConnectionException _ -> ExitStatus.NO_DAEMON;
          case FileException _ -> ExitStatus.BAD_INPUT;
          default -> ExitStatus.REFUSED;
        };
    String message =
        switch (e) {
          case UsageException _, FileException _, StoreException _ ->
              String.valueOf(e.getMessage());
          case IOException file -> ErrorText.of(file);
          default -> "internal error: " + e + "; VINERY_DEBUG=1 shows where";
        };
    String command = line.getCommandSpec().qualifiedName();
    console.err().println(command + ": " + Text.harmless(message));
    trace(e, console);
    return status;
  }

  private static void trace(Exception e, Console console) {
    if (console.debug()) {
      var stack = new StringWriter();
      e.printStackTrace(new PrintWriter(stack));
      console.err().print(stack);
    }
  }

  /// What `--version` prints.
  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"vinery " + Version.OURS + " (protocol " + Version.PROTOCOL + ")"};
    }
  }
}
