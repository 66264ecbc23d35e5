package dev.vinery.server;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.Errno;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/// A local socket at which a daemon listens, and its file.
///
/// From when it is bound, clients can connect and wait to be accepted, and no other daemon takes
/// the path. Safe for use by several threads.
final class SocketFile implements AutoCloseable {
  /// Clients that may wait to be accepted.
  private static final int BACKLOG = 128;

  private static final Logger log = System.getLogger(SocketFile.class.getName());

  private final Path path;
  private final int fd;

  /// Guarded by `this`.
  private boolean stopped;

  private SocketFile(Path path, int fd) {
    this.path = path;
    this.fd = fd;
  }

  /// Takes a path. Directories that are missing are made, and the file of a daemon that was killed
  /// is removed.
  ///
  /// @param mode permission bits of the file
  /// @throws IOException if the path cannot be used, with what to do about it
  static SocketFile bind(Path path, int mode) throws IOException {
    int pathBytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (pathBytes > UnixSocket.PATH_BYTES_MAX) {
      throw new IOException(
          "cannot listen at %s: the path of a socket may have %d bytes, this one has %d"
              .formatted(path, UnixSocket.PATH_BYTES_MAX, pathBytes));
    }
    try {
      Path directory = path.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      removeStale(path);
      int fd = UnixSocket.socket();
      try {
        UnixSocket.bind(fd, path);
        permit(path, mode);
        UnixSocket.listen(fd, BACKLOG);
        return new SocketFile(path, fd);
      } catch (PosixException | IOException e) {
        Descriptor.close(fd);
        throw e;
      }
    } catch (PosixException e) {
      throw new IOException("cannot listen at " + path + ": " + e.getMessage(), e);
    }
  }

  private static void permit(Path socket, int mode) throws IOException {
    try {
      Files.setPosixFilePermissions(socket, permissions(mode));
    } catch (IOException e) {
      Files.delete(socket);
      throw e;
    }
  }

  /// Removes the file that a daemon left behind which was killed.
  private static void removeStale(Path socket) throws IOException, PosixException {
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!(Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS)
            instanceof Integer mode)
        || (mode & 0170000) != 0140000) {
      throw new IOException(
          "cannot listen at "
              + socket
              + ": there is a file that is no socket; choose another path");
    }
    int probe = UnixSocket.socket();
    try {
      UnixSocket.connect(probe, socket);
      throw new IOException(
          "cannot listen at " + socket + ": another daemon does; stop it or choose another path");
    } catch (PosixException e) {
      if (e.errno() != Errno.ECONNREFUSED) {
        throw e;
      }
    } finally {
      Descriptor.close(probe);
    }
    Files.delete(socket);
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] fromOwnerRead = PosixFilePermission.values();
    for (int bit = 0; bit < fromOwnerRead.length; bit++) {
      if ((mode & 0400 >> bit) != 0) {
        permissions.add(fromOwnerRead[bit]);
      }
    }
    return permissions;
  }

  Path path() {
    return path;
  }

  /// Waits for a client.
  ///
  /// @return the client's descriptor, which the caller closes
  int accept() throws PosixException {
    return UnixSocket.accept(fd);
  }

  /// Turns clients away from now on, ends every [#accept], and removes the file.
  void stop() {
    synchronized (this) {
      if (stopped) {
        return;
      }
      stopped = true;
    }
    try {
      UnixSocket.shutdown(fd);
    } catch (PosixException e) {
      log.log(Level.DEBUG, "shutting down a listener: {0}", e.getMessage());
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      log.log(Level.WARNING, "cannot remove {0}: {1}", path, e.getMessage());
    }
  }

  /// Gives the socket up, in which nobody may wait any more.
  @Override
  public void close() {
    stop();
    Descriptor.close(fd);
  }
}
