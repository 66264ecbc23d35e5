package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.client.ConnectOptions;
import dev.vinery.client.Vinery;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.DataFrame;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Does once what a command does at its start, and stops.
///
/// Run after a build by a JVM that writes down which classes that took, and how hot each method
/// became, so that later starts need not find out again. Each command has its own rehearsal:
/// classes of one would only delay the other.
public final class Rehearsal {
  /// So many that the methods of a request become hot.
  private static final int OBJECTS = 3_000;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Rehearsal() {}

  /// Rehearses and exits.
  ///
  /// @param arguments the class of the command, and a path for a socket
  public static void main(String[] arguments) {
    Path socket = Path.of(arguments[1]);
    List<String> flags =
        List.of("--meta=local", "--size=64M", "--socket=" + socket, "--rpc_socket_port=0");
    Thread.ofPlatform()
        .daemon()
        .start(() -> Vineyardd.run(flags, System.getenv(), System.out, System.err));
    int status = ExitStatus.REFUSED;
    try (Client client = Vinery.connect(socket, ConnectOptions.DEFAULT.withPatience(PATIENCE))) {
      if (arguments[0].equals(VineryCommand.class.getSimpleName())) {
        runVerbs(client, socket);
      } else {
        use(client);
      }
      status = ExitStatus.DONE;
    } finally {
      // Stops the daemon, too.
      System.exit(status);
    }
  }

  private static void use(Client client) {
    for (int i = 0; i < OBJECTS; i++) {
      ObjectId blob;
      try (var writer = client.createBlob(64);
          var sealed = writer.seal()) {
        blob = sealed.id();
      }
      Metadata metadata =
          Metadata.builder("vinery::Rehearsal")
              .put("number", i)
              .put("buffer", client.getMetadata(blob))
              .build();
      ObjectId id = client.createMetadata(metadata);
      client.getObject(id).close();
      client.delete(List.of(id));
    }
  }

  private static void runVerbs(Client client, Path socket) {
    client.put(DataFrame.builder().column("n", 1.0).column("text", "a").build(), "table");
    var nowhere = new PrintWriter(Writer.nullWriter());
    var console = new Console(nowhere, nowhere, Map.of(), false, false);
    for (String line :
        List.of("status", "ls", "ls --json", "get table", "inspect table", "name list", "--help")) {
      List<String> arguments = new ArrayList<>(List.of(line.split(" ", -1)));
      arguments.add("--socket=" + socket);
      VineryCommand.run(arguments, console);
    }
  }
}
