package dev.vinery.server;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.FileAccess;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;

/// Blobs in files of their own. Answers [BlobRequest.CreateOnDisk].
///
/// A path is opened with the rights of the user at the other end of the connection, so nobody
/// reaches through the daemon what he could not reach without it. For that the file must also be
/// reachable by its real name: a path through `/proc` can lead to an open file of this or any other
/// process, past the directories and, for memory files, past all permissions. Files are opened
/// without the store lock.
final class DiskHandler {
  private static final int NEW_FILE_MODE = 0666;
  private static final int ANONYMOUS_FILE_MODE = 0600;

  /// Files here are views of processes. To the daemon, `self` is the daemon.
  private static final Path PROCESSES = Path.of("/proc");

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private final Lock storeLock;
  private final BlobTable blobs;
  private final Path temporaryDirectory;

  DiskHandler(Lock storeLock, BlobTable blobs, Path temporaryDirectory) {
    this.storeLock = storeLock;
    this.blobs = blobs;
    this.temporaryDirectory = temporaryDirectory;
  }

  Reply create(BlobRequest.CreateOnDisk request, Peer peer) {
    if (request.sizeBytes() == 0) {
      if (request.path().isEmpty()) {
        throw new ProtocolException("a blob on disk needs a size or a path");
      }
      return new BlobReply.CreatedOnDisk(Payload.EMPTY, Payload.NO_STORE_FD);
    }
    Region region;
    try {
      region = new Region(open(request, peer), request.sizeBytes());
    } catch (PosixException e) {
      throw new ProtocolException(
          "cannot use '%s' for %d bytes: %s"
              .formatted(request.path(), request.sizeBytes(), e.getMessage()));
    }
    storeLock.lock();
    try {
      Blob blob = blobs.createIn(region, 0, request.sizeBytes(), peer);
      Payload payload = blob.payload(true);
      peer.introduce(region, true);
      return new BlobReply.CreatedOnDisk(payload, payload.storeFd());
    } finally {
      region.release();
      storeLock.unlock();
    }
  }

  /// Opens the file and makes it long enough.
  private int open(BlobRequest.CreateOnDisk request, Peer peer) throws PosixException {
    int fd = request.path().isEmpty() ? openAnonymous() : openNamed(path(request.path()), peer);
    try {
      if (!FileAccess.isRegularFile(fd)) {
        throw new ProtocolException("'" + request.path() + "' is not a regular file");
      }
      if (SharedMemory.sizeBytes(fd) < request.sizeBytes()) {
        SharedMemory.truncate(fd, request.sizeBytes());
      }
      return fd;
    } catch (PosixException | ProtocolException e) {
      Descriptor.close(fd);
      throw e;
    }
  }

  private int openAnonymous() throws PosixException {
    return FileAccess.open(
        temporaryDirectory,
        FileAccess.O_TMPFILE | FileAccess.O_RDWR | FileAccess.O_CLOEXEC,
        ANONYMOUS_FILE_MODE);
  }

  private static int openNamed(Path path, Peer peer) throws PosixException {
    int fd = openAs(path, FileAccess.O_CREAT, peer);
    Path realName = realName(fd);
    if (!realName.equals(path)) {
      Descriptor.close(fd);
      fd = openAs(realName, 0, peer);
    }
    if (realName.startsWith(PROCESSES) || !realName(fd).equals(realName)) {
      Descriptor.close(fd);
      throw new ProtocolException("'" + path + "' is not the name of a file");
    }
    return fd;
  }

  private static int openAs(Path path, int create, Peer peer) throws PosixException {
    return FileAccess.openAs(
        path,
        FileAccess.O_RDWR | create | FileAccess.O_NONBLOCK | FileAccess.O_CLOEXEC,
        NEW_FILE_MODE,
        peer.credentials().uid(),
        peer.credentials().gid());
  }

  /// What the kernel calls an open file: its path without links, or something that is no path.
  private static Path realName(int fd) {
    try {
      return Files.readSymbolicLink(OPEN_FILES.resolve(Integer.toString(fd)));
    } catch (IOException e) {
      throw new AssertionError("an open file has a name", e);
    }
  }

  /// The daemon's working directory is not the client's, so only whole paths mean anything.
  private static Path path(String text) {
    try {
      Path path = Path.of(text);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException e) {
      // Told below, as what cannot be a path is no absolute one either.
    }
    throw new ProtocolException("a path must be absolute: '" + text + "'");
  }
}
