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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Accepts the local clients of one session, at its socket, and serves each on a thread of its own.
/// [RemoteListener] is its counterpart for all sessions over TCP.
///
/// The thread that accepts a client serves it: handing the client to another one would cost a
/// wake-up, and starting that one more than the rest of a short visit. Before it serves, it makes
/// sure that another thread waits for the next client; when its client has left, it waits again.
///
/// Safe for use by several threads.
final class IpcListener implements AutoCloseable {
  /// Clients that may wait to be accepted.
  private static final int BACKLOG = 128;

  /// Clients of one session at a time; more are disconnected at once.
  static final int MAX_CONNECTIONS = 4096;

  /// Threads of one session that wait for a client at a time; more end when their client leaves.
  static final int MAX_WAITING = 4;

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
  private final String waitingName;
  private final Set<Thread> threads = new HashSet<>();
  private final Set<Connection> connections = new HashSet<>();
  private int waiting;
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
    this.waitingName = "vinery-accept-" + session.socket().getFileName();
  }

  /// Begins to accept clients.
  synchronized void start() {
    startThread();
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

  /// Starts another thread that waits for a client. The caller holds this object's monitor.
  private void startThread() {
    Thread thread =
        Thread.ofPlatform()
            .name(waitingName)
            .uncaughtExceptionHandler(fatal)
            .unstarted(this::acceptAndServe);
    thread.start();
    threads.add(thread);
    waiting++;
  }

  private void acceptAndServe() {
    Thread self = Thread.currentThread();
    try {
      do {
        Connection connection = accept();
        if (connection == null) {
          return;
        }
        self.setName("vinery-client-" + connection.peer().name());
        connection.run();
        self.setName(waitingName);
      } while (mayWait());
    } finally {
      synchronized (this) {
        threads.remove(self);
      }
    }
  }

  private synchronized boolean mayWait() {
    if (closed || waiting >= MAX_WAITING) {
      return false;
    }
    waiting++;
    return true;
  }

  /// Waits for a client.
  ///
  /// @return null if no more clients are accepted
  private @Nullable Connection accept() {
    boolean told = false;
    while (true) {
      try {
        Connection connection = admit(UnixSocket.accept(fd));
        told = false;
        if (connection != null) {
          return connection;
        }
      } catch (PosixException e) {
        if (isClosed()) {
          endWaiting();
          return null;
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

  private synchronized void endWaiting() {
    waiting--;
    notifyAll();
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

  /// Makes a connection of an accepted socket, which this thread then no longer waits for.
  ///
  /// @return null if the client was turned away
  private synchronized @Nullable Connection admit(int client) {
    if (!hasRoom()) {
      Descriptor.close(client);
      return null;
    }
    try {
      Peer peer = join(UnixSocket.peerCredentials(client));
      var polling = new Polling(looking, Runtime.getRuntime().availableProcessors());
      var connection =
          new Connection(
              new LocalChannel(client, polling), peer, storeLock, sessions, this::forget);
      connections.add(connection);
      waiting--;
      return connection;
    } catch (PosixException e) {
      Descriptor.close(client);
      return null;
    }
  }

  /// Whether there is a place for a client, and another thread to wait for the next one.
  private boolean hasRoom() {
    if (closed || connections.size() >= MAX_CONNECTIONS) {
      return false;
    }
    try {
      if (waiting == 1) {
        startThread();
      }
      return true;
    } catch (OutOfMemoryError tooManyThreads) {
      log.log(Level.WARNING, "a client is turned away: {0}", tooManyThreads.getMessage());
      return false;
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

  private void forget(Connection connection) {
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
      awaitNobodyWaiting();
    } catch (IOException e) {
      log.log(Level.WARNING, "cannot remove {0}: {1}", session.socket(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Descriptor.close(fd);
  }

  /// Waits until no thread uses the listening socket any more.
  private synchronized void awaitNobodyWaiting() throws InterruptedException {
    long deadlineNanos = System.nanoTime() + END_WAIT.toNanos();
    long leftNanos = END_WAIT.toNanos();
    while (waiting > 0 && leftNanos > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
      leftNanos = deadlineNanos - System.nanoTime();
    }
  }

  /// Stops accepting, ends all connections and waits for their threads.
  @Override
  public void close() {
    stopAccepting();
    List<Thread> ending;
    synchronized (this) {
      connections.forEach(Connection::shutdown);
      ending = List.copyOf(threads);
    }
    long deadlineNanos = System.nanoTime() + END_WAIT.toNanos();
    for (Thread thread : ending) {
      try {
        thread.join(Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
