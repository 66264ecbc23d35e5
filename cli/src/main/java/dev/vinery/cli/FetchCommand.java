package dev.vinery.cli;

import dev.vinery.cli.Copies.Copy;
import dev.vinery.client.Client;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vinery fetch`: copies objects of other daemons to this one.
@Command(
    name = "fetch",
    description = {
      "Copies objects that other daemons of the cluster hold to the one that this command talks to,"
          + " and prints the ids that they have there. An object that is there already stays as it"
          + " is. Of one whose parts are on several daemons, the parts are copied."
    },
    mixinStandardHelpOptions = true,
    footer = {"%nExamples:", "  vinery fetch flights", "  vinery get $(vinery fetch flights)"})
final class FetchCommand implements Callable<Integer> {
  private final Console console;
  private final Target target;

  @Parameters(arity = "1..*", paramLabel = "NAME|ID", description = "Which objects.")
  private List<String> objects = List.of();

  @Option(names = "--json", description = "For programs: an array of objects.")
  private boolean json;

  FetchCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  @Override
  public Integer call() {
    try (Client client = target.connect()) {
      List<Json> all = new ArrayList<>();
      for (String object : objects) {
        for (Copy copy : fetch(client, object)) {
          if (!json) {
            console.out().println(copy.to());
          }
          all.add(copy.toJson(client.instanceId()));
        }
      }
      if (json) {
        console.out().println(JsonText.print(new Json.Items(all)));
      }
    }
    return ExitStatus.DONE;
  }

  private List<Copy> fetch(Client client, String object) {
    try (var _ = Progress.begin(console, () -> "fetching " + object)) {
      return Copies.fetch(client, Reference.resolve(client, object));
    }
  }
}
