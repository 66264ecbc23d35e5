package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.protocol.ObjectId;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The option `--name` of commands that make an object. Confined to one thread.
final class NameOption {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Give the object a name, which another one may have had, and persist it.")
  private Optional<String> name = Optional.empty();

  Optional<String> given() {
    return name;
  }

  /// Gives the name, if there is one, to an object that is persisted.
  void give(Client client, ObjectId id) {
    name.ifPresent(each -> client.putName(id, each));
  }
}
