package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.io.ObjectFiles;
import dev.vinery.protocol.ObjectId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `vinery serialize`: writes a whole object to a directory.
@Command(
    name = "serialize",
    description = {
      "Writes an object with all that it consists of to a new directory.",
      "vinery deserialize makes an object of it again, and so does the official vineyard.io."
    },
    mixinStandardHelpOptions = true,
    footer = {"%nExamples:", "  vinery serialize trips /backup/trips"})
final class SerializeCommand implements Callable<Integer> {
  private final Console console;
  private final Target target;

  @Parameters(index = "0", paramLabel = "OBJECT", description = "An id or a name.")
  private String object = "";

  @Parameters(index = "1", paramLabel = "DIRECTORY", description = "Where; must not be there yet.")
  private Path directory = Path.of("");

  SerializeCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  @Override
  public Integer call() {
    try (Client client = target.connect();
        var _ = Progress.begin(console, () -> "writing " + directory)) {
      ObjectId id = Reference.resolve(client, object);
      new ObjectFiles(client).save(id, directory);
    } catch (IOException e) {
      throw new FileException(String.valueOf(e.getMessage()), e);
    }
    return ExitStatus.DONE;
  }
}
