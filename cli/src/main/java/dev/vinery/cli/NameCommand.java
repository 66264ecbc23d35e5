package dev.vinery.cli;

import dev.vinery.cli.TextTable.Column;
import dev.vinery.client.Client;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `vinery name`: gives names to objects, takes them away, and looks them up.
@Command(
    name = "name",
    description = "Gives names to objects, takes them away, and looks them up.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "VERB",
    commandListHeading = "%nVerbs:%n")
final class NameCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private NameCommand() {}

  static CommandLine commandLine(Console console, Target target) {
    return new CommandLine(new NameCommand())
        .addSubcommand(new Put(console, target))
        .addSubcommand(new Get(console, target))
        .addSubcommand(new Drop(target))
        .addSubcommand(new Lister(console, target));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a verb is missing");
  }

  /// `vinery name put`.
  @Command(
      name = "put",
      description = {
        "Gives an object a name, which another object may have had.",
        "An object with a name is persistent: it is made so if it is not."
      },
      mixinStandardHelpOptions = true)
  static final class Put implements Callable<Integer> {
    private final Console console;
    private final Target target;

    @Parameters(index = "0", paramLabel = "NAME", description = "The name to give.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "NAME|ID", description = "The object, by name or id.")
    private String object = "";

    Put(Console console, Target target) {
      this.console = console;
      this.target = target;
    }

    @Override
    public Integer call() {
      try (Client client = target.connect()) {
        ObjectId id = Reference.resolve(client, object);
        if (!client.isPersistent(id)) {
          client.persist(id);
        }
        client.putName(id, name);
        console.out().println(id);
      }
      return ExitStatus.DONE;
    }
  }

  /// `vinery name get`.
  @Command(
      name = "get",
      description = "Prints the id of the object that has a name.",
      mixinStandardHelpOptions = true)
  static final class Get implements Callable<Integer> {
    private final Console console;
    private final Target target;

    @Parameters(paramLabel = "NAME", description = "The name to look up.")
    private String name = "";

    @Option(
        names = "--wait",
        arity = "0..1",
        fallbackValue = "86400",
        paramLabel = "SECONDS",
        description = "Wait until there is such a name; at most so long, or a day.")
    private double waitSeconds;

    Get(Console console, Target target) {
      this.console = console;
      this.target = target;
    }

    @Override
    public Integer call() {
      try (Client client = target.connect()) {
        console.out().println(waitSeconds > 0 ? await(client) : client.getName(name));
      }
      return ExitStatus.DONE;
    }

    private ObjectId await(Client client) {
      try (var _ = Progress.begin(console, () -> "waiting for the name '" + name + "'")) {
        return client.awaitName(name, Duration.ofMillis((long) (waitSeconds * 1000)));
      }
    }
  }

  /// `vinery name drop`.
  @Command(
      name = "drop",
      description = "Takes a name away. The object stays.",
      mixinStandardHelpOptions = true)
  static final class Drop implements Callable<Integer> {
    private final Target target;

    @Parameters(paramLabel = "NAME", description = "The name to take away.")
    private String name = "";

    Drop(Target target) {
      this.target = target;
    }

    @Override
    public Integer call() {
      try (Client client = target.connect()) {
        if (client.findName(name).isEmpty()) {
          throw new ObjectNotFoundException("there is no name '" + name + "'");
        }
        client.dropName(name);
      }
      return ExitStatus.DONE;
    }
  }

  /// `vinery name list`.
  @Command(
      name = "list",
      description = "Lists names and the ids of their objects.",
      mixinStandardHelpOptions = true)
  static final class Lister implements Callable<Integer> {
    private final Console console;
    private final Target target;

    @Parameters(
        arity = "0..1",
        paramLabel = "PATTERN",
        defaultValue = "*",
        description = "A shell wildcard for names. Default: all.")
    private String pattern = "*";

    @Option(names = "--regex", description = "PATTERN is a regular expression for the whole name.")
    private boolean regex;

    @Option(
        names = "--limit",
        paramLabel = "COUNT",
        defaultValue = "1000",
        description = "How many are listed at most. Default: ${DEFAULT-VALUE}.")
    private long limit;

    @Option(names = "--json", description = "For programs: an object, names to ids.")
    private boolean json;

    Lister(Console console, Target target) {
      this.console = console;
      this.target = target;
    }

    @Override
    public Integer call() {
      try (Client client = target.connect()) {
        Map<String, ObjectId> names =
            regex ? client.listNamesByRegex(pattern, limit) : client.listNames(pattern, limit);
        if (json) {
          var fields = new LinkedHashMap<String, Json>();
          names.forEach((name, id) -> fields.put(name, new Json.Text(id.toString())));
          console.out().println(JsonText.print(Json.Fields.of(fields)));
        } else {
          print(names);
        }
      }
      return ExitStatus.DONE;
    }

    private void print(Map<String, ObjectId> names) {
      if (names.isEmpty()) {
        console.err().println("no name matches");
        return;
      }
      var table = new TextTable(Column.text("NAME"), Column.whole("ID"));
      names.forEach((name, id) -> table.row(name, id.toString()));
      table.print(console.out(), console.columns());
    }
  }
}
