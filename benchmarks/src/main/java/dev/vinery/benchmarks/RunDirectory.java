package dev.vinery.benchmarks;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.Errno;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Where the sockets and logs of a run are. There is one for each user, so that what a run of
/// yesterday left behind is noticed today, and one run at a time. Confined to one thread.
final class RunDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel lockFile;

  private RunDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /// Opens the directory of whoever runs this.
  ///
  /// @throws IOException if another run is using it
  static RunDirectory openForUser() throws IOException {
    return open(
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "vinery-benchmarks-" + System.getProperty("user.name")));
  }

  /// @throws IOException if another run is using it
  static RunDirectory open(Path path) throws IOException {
    Files.createDirectories(path);
    var lockFile =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = lockFile.tryLock();
    if (lock == null) {
      lockFile.close();
      throw new IOException("another run of the benchmarks is using " + path);
    }
    return new RunDirectory(path, lockFile);
  }

  /// A path for a socket on which nobody listens.
  ///
  /// @throws IOException if somebody does
  Path socket(String name) throws IOException {
    Path socket = path.resolve(name + ".sock");
    if (!Files.exists(socket)) {
      return socket;
    }
    try {
      int fd = UnixSocket.socket();
      try {
        UnixSocket.connect(fd, socket);
        throw new IOException(
            "a daemon is left on %s: stop process %d first"
                .formatted(socket, UnixSocket.peerCredentials(fd).pid()));
      } finally {
        Descriptor.close(fd);
      }
    } catch (PosixException e) {
      if (e.errno() != Errno.ECONNREFUSED) {
        throw new IOException("cannot tell whether a daemon is left on " + socket, e);
      }
    }
    Files.delete(socket);
    return socket;
  }

  Path log(String name) {
    return path.resolve(name + ".log");
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
