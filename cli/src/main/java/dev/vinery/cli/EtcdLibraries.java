package dev.vinery.cli;

import dev.vinery.metadata.MetadataBackend;
import java.io.IOException;
import java.util.logging.LogManager;

/// Loads the module for etcd, and the libraries that it needs. They are some fifty, of which a
/// daemon without a cluster shall load nothing.
final class EtcdLibraries {
  private static final JarFolder FOLDER = new JarFolder("lib-etcd");

  private EtcdLibraries() {}

  /// @throws IOException if they are not there, or cannot be read
  static MetadataBackend load() throws IOException {
    // They would write lines of their own to the error stream.
    LogManager.getLogManager().reset();
    try {
      return FOLDER.load(MetadataBackend.class);
    } catch (IOException e) {
      throw new IOException(e.getMessage() + ", so it knows no etcd; use --meta=local", e);
    }
  }
}
