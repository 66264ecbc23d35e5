package dev.vinery.cli;

import dev.vinery.cli.TextTable.Column;
import dev.vinery.client.Address;
import dev.vinery.client.Client;
import dev.vinery.protocol.ClusterReply.InstanceStatus;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `vinery cluster`: the daemons that share their metadata, and how each is.
@Command(
    name = "cluster",
    description = {
      "Lists the daemons of the cluster: whose each is, where it listens, its memory, its clients,"
          + " and whether it can be reached from here.",
      "The one that this command talks to is marked with *."
    },
    mixinStandardHelpOptions = true,
    footer = {"%nExamples:", "  vinery cluster", "  vinery cluster --json | jq '.[].reachable'"})
final class ClusterCommand implements Callable<Integer> {
  /// How long a daemon may take to answer.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Console console;
  private final Target target;

  @Option(names = "--json", description = "For programs: an array of objects, sizes in bytes.")
  private boolean json;

  ClusterCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  /// One daemon.
  ///
  /// @param seen how it is and by what door, if it can be reached
  private record Instance(long id, Json.Fields published, boolean own, Optional<Seen> seen) {}

  private record Seen(InstanceStatus status, Address address) {}

  @Override
  public Integer call() throws InterruptedException {
    try (Client client = target.connect(PATIENCE)) {
      List<Instance> instances = look(client);
      if (json) {
        console
            .out()
            .println(
                JsonText.print(
                    new Json.Items(instances.stream().map(each -> (Json) toJson(each)).toList())));
      } else {
        print(instances);
      }
    }
    return ExitStatus.DONE;
  }

  /// Asks all daemons at once, because one that does not answer is waited for.
  private static List<Instance> look(Client client) throws InterruptedException {
    List<Future<Instance>> looking = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      client
          .instances()
          .forEach(
              (id, published) -> looking.add(threads.submit(() -> look(client, id, published))));
    }
    List<Instance> instances = new ArrayList<>();
    for (Future<Instance> each : looking) {
      try {
        instances.add(each.get());
      } catch (ExecutionException e) {
        throw new AssertionError("what cannot be reached is told as that", e);
      }
    }
    return instances;
  }

  private static Instance look(Client client, long id, Json.Fields published) {
    boolean own = id == client.instanceId();
    try {
      if (own) {
        return new Instance(
            id, published, true, Optional.of(new Seen(client.status(), client.address())));
      }
      try (Client other = client.connectTo(id)) {
        return new Instance(
            id, published, false, Optional.of(new Seen(other.status(), other.address())));
      }
    } catch (StoreException unreachable) {
      return new Instance(id, published, own, Optional.empty());
    }
  }

  private void print(List<Instance> instances) {
    var table =
        new TextTable(
            Column.whole("INSTANCE"),
            Column.whole("DAEMON"),
            Column.text("HOST"),
            Column.text("ENDPOINT"),
            Column.text("SOCKET"),
            Column.number("MEMORY"),
            Column.number("LIMIT"),
            Column.number("CLIENTS"),
            Column.number("WAITING"),
            Column.whole("REACHED"));
    for (Instance each : instances) {
      Optional<InstanceStatus> status = each.seen().map(Seen::status);
      table.row(
          Long.toUnsignedString(each.id()) + (each.own() ? " *" : ""),
          status.map(ClusterCommand::daemon).orElse("-"),
          each.published().text("hostname", "-"),
          each.published().text("rpc_endpoint", "-"),
          each.published().text("ipc_socket", "-"),
          status.map(known -> ByteSize.print(known.memoryUsageBytes())).orElse("-"),
          status.map(known -> ByteSize.print(known.memoryLimitBytes())).orElse("-"),
          status.map(known -> "" + (known.ipcConnections() + known.rpcConnections())).orElse("-"),
          status.map(known -> "" + known.deferredRequests()).orElse("-"),
          each.seen().map(seen -> door(seen.address())).orElse("no"));
    }
    table.print(console.out(), console.columns());
  }

  /// What a daemon is: one of ours, with its release, or one of upstream's.
  private static String daemon(InstanceStatus status) {
    return status.vinery().isEmpty() ? "vineyardd" : "Vinery " + status.vinery();
  }

  private static String door(Address address) {
    return switch (address) {
      case Address.Local _ -> "yes, shared memory";
      case Address.Remote _ -> "yes, over TCP";
    };
  }

  private static Json.Fields toJson(Instance instance) {
    var fields = new LinkedHashMap<String, Json>();
    fields.put("instanceId", Json.Whole.unsigned(instance.id()));
    fields.put("own", new Json.Flag(instance.own()));
    fields.put("reachable", new Json.Flag(instance.seen().isPresent()));
    instance
        .seen()
        .ifPresent(seen -> {
          InstanceStatus status = seen.status();
          fields.put("daemon", new Json.Text(daemon(status)));
          fields.put("address", new Json.Text(seen.address().toString()));
          fields.put("memoryUsageBytes", Json.Whole.signed(status.memoryUsageBytes()));
          fields.put("memoryLimitBytes", Json.Whole.signed(status.memoryLimitBytes()));
          fields.put("deferredRequests", Json.Whole.signed(status.deferredRequests()));
          fields.put("ipcConnections", Json.Whole.signed(status.ipcConnections()));
          fields.put("rpcConnections", Json.Whole.signed(status.rpcConnections()));
        });
    put(fields, "hostname", instance.published(), "hostname");
    put(fields, "nodename", instance.published(), "nodename");
    put(fields, "endpoint", instance.published(), "rpc_endpoint");
    put(fields, "socket", instance.published(), "ipc_socket");
    return Json.Fields.of(fields);
  }

  private static void put(
      Map<String, Json> fields, String name, Json.Fields published, String field) {
    String text = published.text(field, "");
    if (!text.isEmpty()) {
      fields.put(name, new Json.Text(text));
    }
  }
}
