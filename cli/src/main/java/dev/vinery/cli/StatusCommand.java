package dev.vinery.cli;

import dev.vinery.client.Address;
import dev.vinery.client.Client;
import dev.vinery.protocol.ClusterReply.InstanceStatus;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `vinery status`: how the daemon is.
@Command(
    name = "status",
    description = "Shows how much the daemon holds, and for how many.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  /// Blobs that are looked at to find memory behind none of them.
  private static final int BLOBS_MAX = 100_000;

  private final Console console;
  private final Target target;

  @Option(names = "--json", description = "For programs: an object, sizes in bytes.")
  private boolean json;

  StatusCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  @Override
  public Integer call() {
    try (Client client = target.connect()) {
      InstanceStatus status = client.status();
      if (json) {
        console.out().println(JsonText.print(toJson(client, status)));
      } else {
        print(client, status);
      }
    }
    return ExitStatus.DONE;
  }

  private void print(Client client, InstanceStatus status) {
    line(
        "daemon",
        "%s, %s, protocol %s".formatted(client.address(), door(client), client.version()));
    line(
        "instance",
        "%s of %d, %s"
            .formatted(
                Long.toUnsignedString(status.instanceId()),
                client.instances().size(),
                status.deployment()));
    line(
        "memory",
        "%s of %s (%.1f %%)"
            .formatted(
                ByteSize.print(status.memoryUsageBytes()),
                ByteSize.print(status.memoryLimitBytes()),
                100.0 * status.memoryUsageBytes() / Math.max(1, status.memoryLimitBytes())));
    OptionalLong hidden = hiddenBytes(client, status);
    if (hidden.orElse(0) > 0) {
      line(
          "",
          ByteSize.print(hidden.getAsLong())
              + " of it in no list: deleted but still read, not sealed yet, or of other sessions");
    }
    line(
        "clients",
        "%d local, %d over TCP".formatted(status.ipcConnections(), status.rpcConnections()));
    line("waiting", "%d requests".formatted(status.deferredRequests()));
  }

  private static String door(Client client) {
    return switch (client.address()) {
      case Address.Local _ -> "shared memory";
      case Address.Remote _ -> "over TCP";
    };
  }

  /// Memory in use behind none of the blobs that can be listed; nothing if there are too many to
  /// tell.
  private static OptionalLong hiddenBytes(Client client, InstanceStatus status) {
    List<Metadata> blobs = client.list(Metadata.BLOB_TYPE, BLOBS_MAX);
    if (blobs.size() == BLOBS_MAX) {
      return OptionalLong.empty();
    }
    long listed = blobs.stream().mapToLong(blob -> Footprint.of(blob).bytes()).sum();
    return OptionalLong.of(Math.max(0, status.memoryUsageBytes() - listed));
  }

  private void line(String what, String text) {
    console.out().printf("%-10s%s%n", what, Text.harmless(text));
  }

  private static Json toJson(Client client, InstanceStatus status) {
    var fields = new LinkedHashMap<String, Json>();
    switch (client.address()) {
      case Address.Local(var socket) -> fields.put("socket", new Json.Text(socket.toString()));
      case Address.Remote remote -> fields.put("endpoint", new Json.Text(remote.toString()));
    }
    fields.put("version", new Json.Text(client.version()));
    fields.put("instanceId", Json.Whole.unsigned(status.instanceId()));
    fields.put("deployment", new Json.Text(status.deployment()));
    fields.put("memoryUsageBytes", Json.Whole.signed(status.memoryUsageBytes()));
    fields.put("memoryLimitBytes", Json.Whole.signed(status.memoryLimitBytes()));
    hiddenBytes(client, status)
        .ifPresent(bytes -> fields.put("memoryHiddenBytes", Json.Whole.signed(bytes)));
    fields.put("deferredRequests", Json.Whole.signed(status.deferredRequests()));
    fields.put("ipcConnections", Json.Whole.signed(status.ipcConnections()));
    fields.put("rpcConnections", Json.Whole.signed(status.rpcConnections()));
    var instances = new LinkedHashMap<String, Json>();
    for (Map.Entry<Long, Json.Fields> instance : client.instances().entrySet()) {
      instances.put(Long.toUnsignedString(instance.getKey()), instance.getValue());
    }
    fields.put("instances", Json.Fields.of(instances));
    return Json.Fields.of(fields);
  }
}
