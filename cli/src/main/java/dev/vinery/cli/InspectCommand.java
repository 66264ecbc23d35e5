package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vinery inspect`: how one object is made up.
@Command(
    name = "inspect",
    description =
        "Shows the metadata of an object as a tree: fields, members, and blobs with sizes.",
    mixinStandardHelpOptions = true,
    footer = {"%nExamples:", "  vinery inspect flights", "  vinery inspect flights --json | jq ."})
final class InspectCommand implements Callable<Integer> {
  /// Fields that the first line of an object tells already, or that repeat themselves in each part.
  private static final Set<String> TOLD =
      Set.of(
          Metadata.ID,
          Metadata.TYPE_NAME,
          Metadata.SIZE_BYTES,
          Metadata.INSTANCE_ID,
          Metadata.TRANSIENT,
          Metadata.SIGNATURE,
          Metadata.CREATED_MILLIS);

  private final Console console;
  private final Target target;

  @Parameters(paramLabel = "NAME|ID", description = "Which object.")
  private String object = "";

  @Option(names = "--json", description = "For programs: the metadata as the daemon has it.")
  private boolean json;

  InspectCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  @Override
  public Integer call() {
    try (Client client = target.connect()) {
      ObjectId id = Reference.resolve(client, object);
      Metadata metadata = client.getMetadata(id);
      if (json) {
        console.out().println(JsonText.print(metadata.fields()));
      } else {
        console.out().println(head(metadata) + ", " + state(metadata));
        printFields(metadata, "");
      }
    }
    return ExitStatus.DONE;
  }

  private static String state(Metadata metadata) {
    return (metadata.isTransient() ? "transient" : "persistent")
        + ", instance "
        + Long.toUnsignedString(metadata.instanceId());
  }

  private static String head(Metadata metadata) {
    return "%s %s, %s"
        .formatted(
            Text.harmless(metadata.typeName()),
            metadata.id(),
            ByteSize.print(Footprint.of(metadata).bytes()));
  }

  private void printFields(Metadata metadata, String indent) {
    if (metadata.isBlob()) {
      return;
    }
    List<Map.Entry<String, Json>> shown = new ArrayList<>();
    metadata.fields().values().entrySet().stream()
        .filter(field -> !TOLD.contains(field.getKey()))
        .forEach(shown::add);
    for (Iterator<Map.Entry<String, Json>> i = shown.iterator(); i.hasNext(); ) {
      Map.Entry<String, Json> field = i.next();
      String name = Text.harmless(field.getKey());
      boolean last = !i.hasNext();
      if (field.getValue() instanceof Json.Fields fields) {
        Metadata member = Metadata.of(fields);
        print(indent, last, name + ": " + head(member));
        printFields(member, indent + (last ? "   " : "│  "));
      } else {
        print(indent, last, name + " = " + Text.harmless(value(field.getValue())));
      }
    }
  }

  private static String value(Json value) {
    return value instanceof Json.Text(var text) ? text : JsonText.print(value);
  }

  private void print(String indent, boolean last, String text) {
    String line = indent + (last ? "└─ " : "├─ ") + text;
    console.out().println(Text.cut(line, console.columns()));
  }
}
