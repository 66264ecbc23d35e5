package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.client.DeleteOption;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vinery rm`: deletes objects.
@Command(
    name = "rm",
    description = {
      "Deletes objects with all their parts, and the names that they have.",
      "Clients that hold an object keep its bytes; nobody else finds it any more."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "%nExamples:",
      "  vinery rm flights",
      "  vinery rm --force o000a5b21c0000001",
      "  vinery rm --streams o000a5b21c0000001"
    })
final class RmCommand implements Callable<Integer> {
  private static final long NAMES_MAX = 100_000;

  private final Console console;
  private final Target target;

  @Parameters(arity = "1..*", paramLabel = "NAME|ID", description = "Which objects.")
  private List<String> objects = List.of();

  @Option(names = "--force", description = "Delete what refers to an object, too.")
  private boolean force;

  @Option(names = "--shallow", description = "Leave the parts that are objects themselves.")
  private boolean shallow;

  @Option(
      names = "--streams",
      description = "End streams, with the chunks in them; who reads or writes them is told.")
  private boolean streams;

  RmCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  @Override
  public Integer call() {
    if (streams && (force || shallow)) {
      throw new UsageException("--streams goes with neither --force nor --shallow");
    }
    int status = ExitStatus.DONE;
    try (Client client = target.connect()) {
      if (streams) {
        return dropStreams(client);
      }
      Map<ObjectId, String> wanted = new LinkedHashMap<>();
      for (String object : objects) {
        try {
          wanted.put(Reference.resolve(client, object), object);
        } catch (ObjectNotFoundException e) {
          complain(String.valueOf(e.getMessage()));
          status = ExitStatus.REFUSED;
        }
      }
      client.delete(wanted.keySet(), options());
      for (Map.Entry<ObjectId, String> each : wanted.entrySet()) {
        if (client.exists(each.getKey())) {
          complain(
              "'%s' stays: another object has it as a part; --force deletes that object, too"
                  .formatted(each.getValue()));
          status = ExitStatus.REFUSED;
        }
      }
      dropNames(client, wanted);
    }
    return status;
  }

  /// A stream may outlive the object that describes it, so its id need not be one's.
  private int dropStreams(Client client) {
    int status = ExitStatus.DONE;
    for (String text : objects) {
      try {
        client.streams().drop(ObjectId.isText(text) ? ObjectId.parse(text) : client.getName(text));
      } catch (ObjectNotFoundException e) {
        complain("there is no stream '" + text + "'; vinery ls --streams lists what there is");
        status = ExitStatus.REFUSED;
      }
    }
    return status;
  }

  private void complain(String message) {
    console.err().println("vinery rm: " + Text.harmless(message));
  }

  private DeleteOption[] options() {
    List<DeleteOption> options = new ArrayList<>();
    if (force) {
      options.add(DeleteOption.FORCE);
    }
    if (shallow) {
      options.add(DeleteOption.SHALLOW);
    }
    return options.toArray(DeleteOption[]::new);
  }

  /// A name outlives its object, and would lead nowhere.
  private static void dropNames(Client client, Map<ObjectId, String> deleted) {
    client
        .listNames("*", NAMES_MAX)
        .forEach((name, id) -> {
          if (deleted.containsKey(id) && !client.exists(id)) {
            client.dropName(name);
          }
        });
  }
}
