package dev.vinery.cli;

import dev.vinery.cli.TextTable.Column;
import dev.vinery.client.Client;
import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vinery ls`: what the daemon holds.
@Command(
    name = "ls",
    description = {
      "Lists objects: name, type, size of their blobs, age, whether a client holds any of them"
          + " now, and the number of the daemon that holds it.",
      "Without PATTERN, an object that is part of another one is left out."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "%nExamples:",
      "  vinery ls",
      "  vinery ls 'vineyard::Tensor*' --limit 10",
      "  vinery ls --names 'flights*'",
      "  vinery ls --json | jq '.[].id'"
    })
final class LsCommand implements Callable<Integer> {
  /// How many objects are looked at to find those that are not part of others.
  private static final long LOOK_MAX = 100_000;

  private final Console console;
  private final Target target;

  @Parameters(
      arity = "0..1",
      paramLabel = "PATTERN",
      description = "A shell wildcard for the type name, or with --names for the name.")
  private Optional<String> pattern = Optional.empty();

  @Option(names = "--regex", description = "PATTERN is a regular expression for the whole text.")
  private boolean regex;

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      defaultValue = "100",
      description = "How many are listed at most; 0 is no limit. Default: ${DEFAULT-VALUE}.")
  private long limit;

  @Option(names = "--names", description = "Only objects that have a name.")
  private boolean names;

  @Option(names = "--blobs", description = "Blobs instead of objects.")
  private boolean blobs;

  @Option(
      names = "--streams",
      description = "Streams instead of objects: how many chunks are ready, who reads and writes.")
  private boolean streams;

  @Option(names = "--all", description = "Objects that are parts of others, too.")
  private boolean all;

  @Option(names = "--json", description = "For programs: an array of objects, sizes in bytes.")
  private boolean json;

  LsCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  /// One line of the list.
  ///
  /// @param metadata empty if the name is left of an object that was deleted
  private record Entry(ObjectId id, List<String> names, Optional<Metadata> metadata) {
    String firstName() {
      return names.isEmpty() ? "" : names.getFirst();
    }

    Optional<Instant> created() {
      return metadata
          .map(Metadata::fields)
          .filter(fields -> fields.has(Metadata.CREATED_MILLIS))
          .map(fields -> Instant.ofEpochMilli(fields.whole(Metadata.CREATED_MILLIS)));
    }
  }

  @Override
  public Integer call() {
    if (limit < 0) {
      throw new UsageException("--limit must not be negative: " + limit);
    }
    if (names && blobs) {
      throw new UsageException("--names and --blobs exclude each other: blobs have no names");
    }
    if (streams && (names || blobs || pattern.isPresent())) {
      throw new UsageException(
          "--streams lists all streams: leave out PATTERN, --names and --blobs");
    }
    long most = limit == 0 ? Long.MAX_VALUE : limit;
    try (Client client = target.connect()) {
      if (streams) {
        list(StreamList.of(client, most));
        return ExitStatus.DONE;
      }
      List<Entry> entries = names ? named(client) : objects(client);
      List<Entry> shown = entries.stream().limit(most).toList();
      if (json) {
        console.out().println(JsonText.print(toJson(shown, client)));
      } else {
        print(shown, client);
      }
      if (shown.size() < entries.size() && !json) {
        console
            .err()
            .printf("%d of %d are shown; --limit 0 shows all%n", shown.size(), entries.size());
      }
    }
    return ExitStatus.DONE;
  }

  private void list(StreamList found) {
    if (json) {
      console.out().println(JsonText.print(found.toJson()));
    } else {
      found.print(console);
    }
  }

  private List<Entry> named(Client client) {
    String wanted = pattern.orElse(regex ? ".*" : "*");
    Map<String, ObjectId> found =
        regex ? client.listNamesByRegex(wanted, LOOK_MAX) : client.listNames(wanted, LOOK_MAX);
    List<Entry> entries = new ArrayList<>();
    found.forEach((name, id) -> entries.add(new Entry(id, List.of(name), metadata(client, id))));
    entries.sort(Comparator.comparing(Entry::firstName));
    return entries;
  }

  private static Optional<Metadata> metadata(Client client, ObjectId id) {
    try {
      return Optional.of(client.getMetadata(id));
    } catch (ObjectNotFoundException deleted) {
      return Optional.empty();
    }
  }

  private List<Entry> objects(Client client) {
    Map<ObjectId, List<String>> namesById = new LinkedHashMap<>();
    client
        .listNames("*", LOOK_MAX)
        .forEach((name, id) -> namesById.computeIfAbsent(id, _ -> new ArrayList<>()).add(name));
    List<Metadata> found = list(client);
    Set<ObjectId> parts = new HashSet<>();
    if (pattern.isEmpty() && !all) {
      found.forEach(each -> each.members().values().forEach(member -> parts.add(member.id())));
    }
    return found.stream()
        .filter(each -> each.isBlob() == blobs && (blobs || !parts.contains(each.id())))
        .map(each -> new Entry(each.id(), namesOf(each.id(), namesById), Optional.of(each)))
        .sorted(byNameThenAge())
        .toList();
  }

  private List<Metadata> list(Client client) {
    if (pattern.isEmpty()) {
      return client.list(blobs ? Metadata.BLOB_TYPE : "*", LOOK_MAX);
    }
    return regex
        ? client.listByRegex(pattern.get(), LOOK_MAX)
        : client.list(pattern.get(), LOOK_MAX);
  }

  private static List<String> namesOf(ObjectId id, Map<ObjectId, List<String>> namesById) {
    return namesById.getOrDefault(id, List.of()).stream().sorted().toList();
  }

  /// What has a name comes first; of what has none, the youngest.
  private static Comparator<Entry> byNameThenAge() {
    return Comparator.<Entry, Boolean>comparing(entry -> entry.names().isEmpty())
        .thenComparing(Entry::firstName)
        .thenComparing(entry -> entry.created().orElse(Instant.EPOCH), Comparator.reverseOrder())
        .thenComparing(Entry::id);
  }

  private void print(List<Entry> entries, Client client) {
    if (entries.isEmpty()) {
      console.err().println(names || pattern.isPresent() ? "nothing matches" : "nothing is stored");
      return;
    }
    var table =
        new TextTable(
            Column.text("NAME"),
            Column.text("TYPE"),
            Column.number("SIZE"),
            Column.number("AGE"),
            Column.text("IN USE"),
            Column.number("AT"),
            Column.whole("ID"));
    Instant now = Instant.now();
    for (Entry entry : entries) {
      Optional<Footprint> footprint = entry.metadata().map(Footprint::of);
      table.row(
          entry.names().isEmpty() ? "-" : String.join(", ", entry.names()),
          entry.metadata().map(Metadata::typeName).orElse("(deleted)"),
          footprint.map(memory -> ByteSize.print(memory.bytes())).orElse("-"),
          entry.created().map(then -> Age.print(Duration.between(then, now))).orElse("-"),
          entry
              .metadata()
              .map(metadata -> Footprint.inUse(client, metadata) ? "yes" : "no")
              .orElse("-"),
          entry.metadata().map(LsCommand::place).orElse("-"),
          entry.id().toString());
    }
    table.print(console.out(), console.columns());
  }

  /// Which instance holds an object.
  private static String place(Metadata metadata) {
    return metadata.instanceId() == InstanceId.UNSPECIFIED
        ? "several"
        : Long.toUnsignedString(metadata.instanceId());
  }

  private static Json toJson(List<Entry> entries, Client client) {
    return new Json.Items(
        entries.stream().map(entry -> toJson(entry, client)).collect(Collectors.toList()));
  }

  private static Json toJson(Entry entry, Client client) {
    var fields = new LinkedHashMap<String, Json>();
    fields.put("id", new Json.Text(entry.id().toString()));
    fields.put(
        "names",
        new Json.Items(entry.names().stream().map(name -> (Json) new Json.Text(name)).toList()));
    entry
        .metadata()
        .ifPresent(metadata -> {
          Footprint footprint = Footprint.of(metadata);
          fields.put("typeName", new Json.Text(metadata.typeName()));
          fields.put("sizeBytes", Json.Whole.signed(footprint.bytes()));
          fields.put("inUse", new Json.Flag(Footprint.inUse(client, metadata)));
          if (metadata.instanceId() != InstanceId.UNSPECIFIED) {
            fields.put("instanceId", Json.Whole.unsigned(metadata.instanceId()));
          }
          fields.put("persistent", new Json.Flag(!metadata.isTransient()));
        });
    entry.created().ifPresent(then -> fields.put("created", new Json.Text(then.toString())));
    return Json.Fields.of(fields);
  }
}
