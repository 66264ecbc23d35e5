package dev.vinery.posix;

import java.nio.file.Path;

/// Both ends of a connection inside this process.
record Connection(int client, int server) implements AutoCloseable {
  /// Connects over a socket at `path`, which must be free.
  static Connection at(Path path) throws PosixException {
    int listener = UnixSocket.socket();
    try {
      UnixSocket.bind(listener, path);
      UnixSocket.listen(listener, 1);
      int client = UnixSocket.socket();
      UnixSocket.connect(client, path);
      return new Connection(client, UnixSocket.accept(listener));
    } finally {
      Descriptor.close(listener);
    }
  }

  @Override
  public void close() {
    Descriptor.close(client);
    Descriptor.close(server);
  }
}
