package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.client.ConnectOptions;
import dev.vinery.client.Vinery;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Starts a daemon, has it serve for a moment, and stops it.
///
/// Run once after a build by a JVM that writes down which classes that took, and how hot each method
/// became, so that later starts need not find out again.
public final class Rehearsal {
  /// So many that the methods of a request become hot.
  private static final int OBJECTS = 3_000;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Rehearsal() {}

  /// Rehearses on a socket in a directory of its own.
  ///
  /// @param arguments none
  /// @throws IOException if there is no room for that directory
  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createTempDirectory("vinery-rehearsal");
    int status = ExitStatus.REFUSED;
    try {
      Path socket = directory.resolve("socket");
      List<String> flags = List.of("--size=64M", "--socket=" + socket);
      Thread.ofPlatform()
          .daemon()
          .start(() -> Vineyardd.run(flags, Map.of(), System.out, System.err));
      try (Client client = Vinery.connect(socket, ConnectOptions.DEFAULT.withPatience(PATIENCE))) {
        use(client);
      }
      status = ExitStatus.DONE;
    } finally {
      // The daemon removes its socket while the process ends, so the directory goes after it.
      directory.toFile().deleteOnExit();
      System.exit(status);
    }
  }

  private static void use(Client client) {
    for (int i = 0; i < OBJECTS; i++) {
      ObjectId blob;
      try (var writer = client.createBlob(64)) {
        blob = writer.seal().id();
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
    client.list("*", OBJECTS);
    client.listNames("*", OBJECTS);
    client.status();
  }
}
