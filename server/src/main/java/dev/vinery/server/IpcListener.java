package dev.vinery.server;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.Errno;
import dev.vinery.posix.PeerCredentials;
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
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;

/// Accepts the local clients of one session, each on a thread of its own.
///
/// Safe for use by several threads.
final class IpcListener implements AutoCloseable {
  /// Clients that may wait to be accepted.
  private static final int BACKLOG = 128;

  /// Clients of one session at a time; more are disconnected at once.
  static final int MAX_CONNECTIONS = 4096;

  /// How long to wait when the system has nothing left for another client.
  private static final Duration EXHAUSTED_WAIT = Duration.ofMillis(100);

  /// How long connections may take to end when the daemon stops.
  private static final Duration END_WAIT = Duration.ofSeconds(5);

  private static final Logger log = System.getLogger(IpcListener.class.getName());

  private final Session session;
  private final Lock storeLock;
  private final SessionHandler sessions;
  private final AtomicInteger looking;
  private final Thread.UncaughtExceptionHandler fatal;
  private final Runnable onEmpty;
  private final int fd;
  private final Thread acceptor;
  private final Map<IpcConnection, Thread> connections = new HashMap<>();
  private boolean closed;

  /// Binds the session's socket; [#start()] begins to accept.
  ///
  /// @param looking connections of the daemon that look for requests without sleeping
  /// @param fatal told of a broken invariant
  /// @param onEmpty called whenever the last connection has left
  /// @throws IOException if the path cannot be used, with what to do about it
  IpcListener(
      Session session,
      int socketMode,
      Lock storeLock,
      SessionHandler sessions,
      AtomicInteger looking,
      Thread.UncaughtExceptionHandler fatal,
      Runnable onEmpty)
      throws IOException {
    this.session = session;
    this.storeLock = storeLock;
    this.sessions = sessions;
    this.looking = looking;
    this.fatal = fatal;
    this.onEmpty = onEmpty;
    this.fd = bind(session.socket(), socketMode);
    this.acceptor =
        Thread.ofPlatform()
            .name("vinery-accept-" + session.socket().getFileName())
            .uncaughtExceptionHandler(fatal)
            .unstarted(this::accept);
  }

  void start() {
    acceptor.start();
  }

  private static int bind(Path socket, int mode) throws IOException {
    int pathBytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (pathBytes > UnixSocket.PATH_BYTES_MAX) {
      throw new IOException(
          "cannot listen at %s: the path of a socket may have %d bytes, this one has %d"
              .formatted(socket, UnixSocket.PATH_BYTES_MAX, pathBytes));
    }
    try {
      Path directory = socket.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      removeStale(socket);
      int fd = UnixSocket.socket();
      try {
        UnixSocket.bind(fd, socket);
        permit(socket, mode);
        UnixSocket.listen(fd, BACKLOG);
        return fd;
      } catch (PosixException | IOException e) {
        Descriptor.close(fd);
        throw e;
      }
    } catch (PosixException e) {
      throw new IOException("cannot listen at " + socket + ": " + e.getMessage(), e);
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

  private void accept() {
    boolean told = false;
    while (true) {
      try {
        int client = UnixSocket.accept(fd);
        told = false;
        serve(client);
      } catch (PosixException e) {
        if (isClosed()) {
          return;
        }
        if (e.errno() != Errno.ECONNABORTED) {
          if (!told) {
            log.log(Level.WARNING, "clients have to wait: {0}", e.getMessage());
            told = true;
          }
          pause();
        }
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private static void pause() {
    try {
      Thread.sleep(EXHAUSTED_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void serve(int client) {
    try {
      if (closed || connections.size() >= MAX_CONNECTIONS) {
        Descriptor.close(client);
        return;
      }
      Peer peer = join(UnixSocket.peerCredentials(client));
      var polling = new Polling(looking, Runtime.getRuntime().availableProcessors());
      IpcConnection[] self = new IpcConnection[1];
      self[0] =
          new IpcConnection(client, peer, storeLock, sessions, polling, () -> forget(self[0]));
      Thread thread =
          Thread.ofPlatform()
              .name("vinery-client-" + peer.credentials().pid())
              .uncaughtExceptionHandler(fatal)
              .unstarted(self[0]);
      connections.put(self[0], thread);
      start(thread, self[0]);
    } catch (PosixException e) {
      Descriptor.close(client);
    }
  }

  private static void start(Thread thread, IpcConnection connection) {
    try {
      thread.start();
    } catch (OutOfMemoryError tooManyThreads) {
      log.log(Level.WARNING, "a client is turned away: {0}", tooManyThreads.getMessage());
      connection.abandon();
    }
  }

  private Peer join(PeerCredentials credentials) {
    storeLock.lock();
    try {
      return session.join(credentials);
    } finally {
      storeLock.unlock();
    }
  }

  private void forget(IpcConnection connection) {
    boolean empty;
    synchronized (this) {
      connections.remove(connection);
      empty = connections.isEmpty();
    }
    if (empty) {
      onEmpty.run();
    }
  }

  /// Stops accepting and removes the socket's file; connections go on.
  void stopAccepting() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      UnixSocket.shutdown(fd);
    } catch (PosixException e) {
      log.log(Level.DEBUG, "shutting down a listener: {0}", e.getMessage());
    }
    try {
      Files.deleteIfExists(session.socket());
      if (acceptor.getState() != Thread.State.NEW) {
        acceptor.join(END_WAIT);
      }
    } catch (IOException e) {
      log.log(Level.WARNING, "cannot remove {0}: {1}", session.socket(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Descriptor.close(fd);
  }

  /// Stops accepting, ends all connections and waits for their threads.
  @Override
  public void close() {
    stopAccepting();
    List<Thread> threads;
    synchronized (this) {
      connections.keySet().forEach(IpcConnection::shutdown);
      threads = List.copyOf(connections.values());
    }
    long deadlineNanos = System.nanoTime() + END_WAIT.toNanos();
    for (Thread thread : threads) {
      try {
        thread.join(Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
