package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.server.Daemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Starts a daemon, has it serve for a moment, and stops it.
///
/// Run once after a build by a JVM that writes down which classes that took, and how hot each
/// method became, so that later starts need not find out again.
public final class Rehearsal {
  /// So many that the methods of a request become hot.
  private static final int OBJECTS = 3_000;

  private Rehearsal() {}

  /// Rehearses on a socket in a directory of its own.
  ///
  /// @param arguments none
  /// @throws IOException if there is no room for that directory, or the daemon does not start
  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createTempDirectory("vinery-rehearsal");
    try {
      List<String> flags = List.of("--size=64M", "--socket=" + directory.resolve("socket"));
      DaemonSetup setup = DaemonSetup.of(FlagReader.read(flags, Map.of()), Map.of());
      try (Daemon daemon = Daemon.start(setup.options());
          Client client = Vinery.connect(daemon.socket())) {
        System.err.println(setup.readiness());
        use(client);
      }
    } finally {
      Files.delete(directory);
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
    client.list("*", OBJECTS);
    client.listNames("*", OBJECTS);
    client.status();
  }
}
