package dev.vinery.cli;

import dev.vinery.cli.Copies.Copy;
import dev.vinery.client.Client;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vinery spread`: copies an object to other daemons.
@Command(
    name = "spread",
    description = {
      "Copies an object to all daemons of the cluster, or to those that are named, so that each"
          + " reads it in its own memory. Prints the number of each daemon and the id of the object"
          + " there.",
      "An object that is spread is persistent: it is made so if it is not."
    },
    mixinStandardHelpOptions = true,
    footer = {"%nExamples:", "  vinery spread flights", "  vinery spread flights --to 1,2"})
final class SpreadCommand implements Callable<Integer> {
  private final Console console;
  private final Target target;

  @Parameters(paramLabel = "NAME|ID", description = "Which object.")
  private String object = "";

  @Option(
      names = "--to",
      paramLabel = "INSTANCE",
      split = ",",
      description = "Numbers of daemons, as 'vinery cluster' shows them. Default: all.")
  private List<Long> instances = List.of();

  @Option(names = "--json", description = "For programs: an array of objects.")
  private boolean json;

  SpreadCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  @Override
  public Integer call() {
    int status = ExitStatus.DONE;
    List<Json> all = new ArrayList<>();
    try (Client client = target.connect()) {
      ObjectId id = Reference.resolve(client, object);
      if (!client.isPersistent(id)) {
        client.persist(id);
      }
      List<Long> wanted =
          instances.isEmpty() ? List.copyOf(client.instances().keySet()) : instances;
      for (long instance : wanted) {
        try (Client other = client.connectTo(instance)) {
          for (Copy copy : Copies.fetch(other, id)) {
            all.add(copy.toJson(instance));
            if (!json) {
              console.out().println(Long.toUnsignedString(instance) + " " + copy.to());
            }
          }
        } catch (ConnectionException e) {
          console.err().println("vinery spread: " + Text.harmless(String.valueOf(e.getMessage())));
          status = ExitStatus.REFUSED;
        }
      }
    }
    if (json) {
      console.out().println(JsonText.print(new Json.Items(all)));
    }
    return status;
  }
}
