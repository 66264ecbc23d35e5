package dev.vinery.server;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.Errno;
import dev.vinery.posix.PeerCredentials;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
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
  private final SocketFile socket;
  private final String waitingName;
  private final Set<Thread> threads = new HashSet<>();
  private final Set<Connection> connections = new HashSet<>();
  private int waiting;
  private boolean closed;

  /// Makes a listener that accepts nobody before [#start()].
  ///
  /// @param socket the session's, which this object closes
  /// @param looking connections of the daemon that look for requests without sleeping
  /// @param fatal told of a broken invariant
  /// @param onEmpty called whenever the last connection has left
  IpcListener(
      Session session,
      SocketFile socket,
      Lock storeLock,
      SessionHandler sessions,
      AtomicInteger looking,
      Thread.UncaughtExceptionHandler fatal,
      Runnable onEmpty) {
    this.session = session;
    this.storeLock = storeLock;
    this.sessions = sessions;
    this.looking = looking;
    this.fatal = fatal;
    this.onEmpty = onEmpty;
    this.socket = socket;
    this.waitingName = "vinery-accept-" + socket.path().getFileName();
  }

  /// Begins to accept clients.
  synchronized void start() {
    startThread();
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
        Connection connection = admit(socket.accept());
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
    socket.stop();
    try {
      awaitNobodyWaiting();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    socket.close();
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
