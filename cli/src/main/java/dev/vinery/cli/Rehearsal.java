package dev.vinery.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Starts a daemon, has it serve for a moment, and stops it.
///
/// Run once after a build by a JVM that writes down which classes that took, and how hot each method
/// became, so that later starts need not find out again.
public final class Rehearsal {
  private Rehearsal() {}

  /// Rehearses on a socket in a directory of its own.
  ///
  /// @param arguments none
  /// @throws IOException if there is no room for that directory
  /// @throws InterruptedException never
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("vinery-rehearsal");
    Path socket = directory.resolve("socket");
    List<String> flags = List.of("--size=64M", "--socket=" + socket);
    Thread.ofPlatform()
        .daemon()
        .start(() -> Vineyardd.run(flags, Map.of(), System.out, System.err));
    while (!Files.exists(socket)) {
      Thread.sleep(10);
    }
    Thread.sleep(500);
    System.exit(ExitStatus.DONE);
  }
}
