package dev.vinery.io;

import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A daemon in this process, for the tests of one class.
final class RunningDaemon implements BeforeAllCallback, AfterAllCallback {
  private final long memoryBytes;
  private @Nullable Daemon daemon;

  RunningDaemon(long memoryBytes) {
    this.memoryBytes = memoryBytes;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    Path socket = Path.of(System.getProperty("java.io.tmpdir"), "vinery-" + System.nanoTime());
    daemon = Daemon.start(DaemonOptions.of(socket, memoryBytes));
  }

  Client connect() {
    return Vinery.connect(socket());
  }

  Path socket() {
    return running().socket();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    running().close();
  }

  private Daemon running() {
    return Objects.requireNonNull(daemon, "the tests of this class have not begun");
  }
}
