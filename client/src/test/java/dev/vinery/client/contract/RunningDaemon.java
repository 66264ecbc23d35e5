package dev.vinery.client.contract;

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

/// Our daemon in this process, for all tests of one class. Safe for use by several threads.
public final class RunningDaemon implements BeforeAllCallback, AfterAllCallback {
  private static final long MEMORY_BYTES = 64 << 20;

  private final long memoryBytes;
  private volatile @Nullable Daemon daemon;

  public RunningDaemon() {
    this(MEMORY_BYTES);
  }

  public RunningDaemon(long memoryBytes) {
    this.memoryBytes = memoryBytes;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    Path socket = Path.of(System.getProperty("java.io.tmpdir"), "vinery-" + System.nanoTime());
    daemon = Daemon.start(DaemonOptions.of(socket, memoryBytes));
  }

  /// A new client through shared memory, which the caller closes.
  public Client connect() {
    return Vinery.connect(socket());
  }

  public Path socket() {
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
