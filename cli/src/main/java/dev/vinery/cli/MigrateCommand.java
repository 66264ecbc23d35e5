package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vinery migrate`: moves objects from one daemon to another.
@Command(
    name = "migrate",
    description = {
      "Moves objects to a daemon of the cluster, with the names that they have: copies each there"
          + " and deletes it where it was. Prints the ids that they have then.",
      "An object that is moved is persistent: it is made so if it is not."
    },
    mixinStandardHelpOptions = true,
    footer = {"%nExamples:", "  vinery migrate flights", "  vinery migrate flights --to 2"})
final class MigrateCommand implements Callable<Integer> {
  private static final long NAMES_MAX = 100_000;

  private final Console console;
  private final Target target;

  @Parameters(arity = "1..*", paramLabel = "NAME|ID", description = "Which objects.")
  private List<String> objects = List.of();

  @Option(
      names = "--to",
      paramLabel = "INSTANCE",
      description =
          "Number of a daemon, as 'vinery cluster' shows it. Default: the one that this command"
              + " talks to.")
  private Optional<Long> instance = Optional.empty();

  @Option(names = "--json", description = "For programs: an array of objects.")
  private boolean json;

  MigrateCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  @Override
  public Integer call() {
    List<Json> all = new ArrayList<>();
    try (Client client = target.connect();
        Client there = client.connectTo(instance.orElse(client.instanceId()))) {
      for (String object : objects) {
        ObjectId id = Reference.resolve(client, object);
        ObjectId moved = move(client, there, id);
        all.add(new Copies.Copy(id, moved).toJson(there.instanceId()));
        if (!json) {
          console.out().println(moved);
        }
      }
    }
    if (json) {
      console.out().println(JsonText.print(new Json.Items(all)));
    }
    return ExitStatus.DONE;
  }

  private ObjectId move(Client client, Client there, ObjectId id) {
    Metadata metadata = client.getMetadata(id);
    if (Copies.isSpread(metadata)) {
      throw new StoreException(
          Status.INVALID,
          "object %s has its parts on several daemons: move those, see vinery inspect"
              .formatted(id));
    }
    if (metadata.instanceId() == there.instanceId()) {
      return id;
    }
    if (metadata.isTransient()) {
      client.persist(id);
    }
    ObjectId moved;
    try (var _ = Progress.begin(console, () -> "moving " + id)) {
      moved = there.migrate(id);
    }
    client
        .listNames("*", NAMES_MAX)
        .forEach((name, named) -> {
          if (named.equals(id)) {
            there.putName(moved, name);
          }
        });
    there.delete(List.of(id));
    return moved;
  }
}
