package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.io.ObjectFiles;
import dev.vinery.protocol.ObjectId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `vinery deserialize`: makes an object of a directory.
@Command(
    name = "deserialize",
    description = {
      "Makes an object of a directory that vinery serialize has written, or the official"
          + " vineyard.io, persists it, and prints its id."
    },
    mixinStandardHelpOptions = true,
    footer = {"%nExamples:", "  vinery deserialize /backup/trips --name trips"})
final class DeserializeCommand implements Callable<Integer> {
  private final Console console;
  private final Target target;

  @Parameters(index = "0", paramLabel = "DIRECTORY", description = "What to read.")
  private Path directory = Path.of("");

  @Mixin private final NameOption name = new NameOption();

  DeserializeCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  @Override
  public Integer call() {
    ObjectId id;
    try (Client client = target.connect();
        var _ = Progress.begin(console, () -> "reading " + directory)) {
      id = new ObjectFiles(client).load(directory);
      name.give(client, id);
    } catch (IOException e) {
      throw new FileException(String.valueOf(e.getMessage()), e);
    }
    console.out().println(id);
    return ExitStatus.DONE;
  }
}
