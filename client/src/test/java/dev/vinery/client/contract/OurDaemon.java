package dev.vinery.client.contract;

import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/// Our daemon, in the process of the test.
public final class OurDaemon implements StartedDaemon {
  private final Daemon daemon;

  public OurDaemon(Path socket, long memoryBytes) throws IOException {
    var options = DaemonOptions.of(socket, memoryBytes);
    daemon = Daemon.start(options.withRpcPort(OptionalInt.of(0)));
  }

  @Override
  public Path socket() {
    return daemon.socket();
  }

  @Override
  public int port() {
    return daemon.rpcPort().orElseThrow();
  }

  @Override
  public boolean keeps(Promise promise) {
    return true;
  }

  @Override
  public void close() {
    daemon.close();
  }
}
