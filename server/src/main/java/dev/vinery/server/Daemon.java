package dev.vinery.server;

import dev.vinery.metadata.MetadataStore;
import dev.vinery.posix.PosixException;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A running daemon: memory, metadata, and the sockets on which both are served.
///
/// Safe for use by several threads.
public final class Daemon implements AutoCloseable {
  /// The reference implementation's release whose clients a daemon serves.
  public static final String PROTOCOL_VERSION = SessionHandler.PROTOCOL_VERSION;

  private static final Logger log = System.getLogger(Daemon.class.getName());

  private final Store store;
  private final SessionHandler sessionHandler;
  private final Session root;
  private final @Nullable RemoteListener remote;
  private final Map<Session, IpcListener> listeners = new HashMap<>();
  private final AtomicInteger looking = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean closing;

  private Daemon(
      ReentrantLock storeLock,
      DaemonOptions options,
      Registration registration,
      InstantSource clock,
      SocketFile socket,
      @Nullable RemoteListener remote,
      @Nullable Cluster cluster)
      throws PosixException {
    this.remote = remote;
    this.store = new Store(storeLock, options, registration, clock, cluster);
    this.sessionHandler = new SessionHandler(store, this);
    this.root = new Session(store, Session.ROOT, StoreType.NORMAL, options.socket());
    store.add(root);
    listeners.put(root, listener(root, socket));
  }

  /// Starts a daemon; when this returns, clients are served.
  ///
  /// It takes its socket and port before it joins a cluster, so that one that cannot have them is
  /// never seen there, and accepts clients after it has joined.
  ///
  /// @throws PortTakenException if somebody listens on the TCP port
  /// @throws IOException if there is no memory to be had, the socket cannot be used, or the shared
  ///   metadata store cannot; that store is closed then
  public static Daemon start(DaemonOptions options) throws IOException {
    return start(options, ClusterTimes.DEFAULT);
  }

  static Daemon start(DaemonOptions options, ClusterTimes times) throws IOException {
    Daemon daemon = assemble(options, times);
    try {
      daemon.follow();
    } catch (IOException e) {
      daemon.close();
      throw e;
    }
    daemon.store.keeper().start();
    daemon.store.alarms().start(daemon::fatal);
    daemon.store.transfers().start(daemon::fatal);
    daemon.listenLocally();
    daemon.listenRemotely();
    return daemon;
  }

  /// Makes a daemon that serves nobody yet.
  private static Daemon assemble(DaemonOptions options, ClusterTimes times) throws IOException {
    Clock clock = Clock.systemUTC();
    var storeLock = new ReentrantLock();
    SocketFile socket = null;
    RemoteListener remote = null;
    Cluster cluster = null;
    try {
      socket = SocketFile.bind(options.socket(), options.socketMode());
      OptionalInt port = options.rpcPort();
      remote = port.isPresent() ? new RemoteListener(port.getAsInt()) : null;
      String endpoint =
          remote == null ? ClusterHandler.NO_ENDPOINT : options.hostname() + ":" + remote.port();
      var registration = Registration.of(options, endpoint);
      cluster = Cluster.join(storeLock, options, registration, clock, times);
      return new Daemon(storeLock, options, registration, clock, socket, remote, cluster);
    } catch (PosixException | MetadataException | IOException e) {
      if (socket != null) {
        socket.close();
      }
      if (remote != null) {
        remote.close();
      }
      if (cluster != null) {
        cluster.close();
      } else {
        options.sharedMetadata().ifPresent(MetadataStore::close);
      }
      throw switch (e) {
        case IOException cause -> cause;
        case PosixException cause ->
            new IOException(
                "cannot reserve %d bytes of shared memory: %s"
                    .formatted(options.memoryLimitBytes(), cause.getMessage()),
                cause);
        default -> new IOException("cannot join the cluster: " + e.getMessage(), e);
      };
    }
  }

  /// Learns what the other daemons of the cluster have stored, and goes on doing so.
  private void follow() throws IOException {
    Cluster cluster = store.cluster();
    if (cluster != null) {
      try {
        cluster.start(root, this::fatal);
      } catch (MetadataException e) {
        throw new IOException("cannot read the cluster's metadata: " + e.getMessage(), e);
      }
    }
  }

  private void listenLocally() {
    synchronized (this) {
      if (!closing) {
        Objects.requireNonNull(listeners.get(root)).start();
      }
    }
  }

  private void listenRemotely() {
    if (remote != null) {
      remote.start(
          new RemoteListener.Service(
              root, store.lock(), sessionHandler, looking, this::fatal, this::dropIfEnded));
    }
  }

  /// The socket of the root session.
  public Path socket() {
    return root.socket();
  }

  /// Whether memory is made of huge pages: it was asked for, and the kernel makes them.
  public boolean hugePages() {
    return store.pool().hugePages();
  }

  /// The TCP port where other hosts are served, if they are.
  public OptionalInt rpcPort() {
    return remote == null ? OptionalInt.empty() : OptionalInt.of(remote.port());
  }

  /// Waits until the daemon is closed.
  public void awaitClosed() throws InterruptedException {
    closed.await();
  }

  /// Ends all connections, removes the sockets and gives back the memory. Closing again only waits
  /// until that is done.
  @Override
  public void close() {
    if (beginClosing()) {
      try {
        if (remote != null) {
          remote.close();
        }
        openListeners().forEach(IpcListener::close);
        store.close();
      } finally {
        closed.countDown();
      }
    } else {
      awaitUninterruptibly();
    }
  }

  /// @return whether nobody else closes the daemon
  private synchronized boolean beginClosing() {
    boolean first = !closing;
    closing = true;
    return first;
  }

  private synchronized List<IpcListener> openListeners() {
    return List.copyOf(listeners.values());
  }

  private void awaitUninterruptibly() {
    boolean interrupted = false;
    while (closed.getCount() > 0) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Makes a session with a socket of its own, beside the root session's.
  Session openSession(StoreType type) throws IOException {
    Session session;
    store.lock().lock();
    try {
      if (store.sessions().size() >= SessionHandler.MAX_SESSIONS) {
        throw new StoreException(
            Status.STORE_FULL, "there may be " + SessionHandler.MAX_SESSIONS + " sessions");
      }
      long id = store.ids().session();
      session = new Session(store, id, type, Path.of(root.socket() + "." + Session.text(id)));
      store.add(session);
    } finally {
      store.lock().unlock();
    }
    try {
      listen(session);
    } catch (IOException e) {
      drop(session);
      throw e;
    }
    return session;
  }

  /// Stops accepting clients of a session; it ends when its last connection leaves.
  void endSession(Session session) {
    store.lock().lock();
    try {
      session.end();
    } finally {
      store.lock().unlock();
    }
    IpcListener listener;
    synchronized (this) {
      listener = listeners.get(session);
    }
    if (listener != null) {
      listener.stopAccepting();
    }
  }

  private void listen(Session session) throws IOException {
    IpcListener listener =
        listener(session, SocketFile.bind(session.socket(), store.options().socketMode()));
    synchronized (this) {
      if (closing) {
        listener.close();
        return;
      }
      listeners.put(session, listener);
    }
    listener.start();
  }

  private IpcListener listener(Session session, SocketFile socket) {
    return new IpcListener(
        session,
        socket,
        store.lock(),
        sessionHandler,
        looking,
        this::fatal,
        () -> dropIfEnded(session));
  }

  private void dropIfEnded(Session session) {
    boolean ended;
    store.lock().lock();
    try {
      ended = session.ended();
    } finally {
      store.lock().unlock();
    }
    if (ended) {
      drop(session);
    }
  }

  private void drop(Session session) {
    store.lock().lock();
    try {
      store.remove(session);
    } finally {
      store.lock().unlock();
    }
    synchronized (this) {
      listeners.remove(session);
    }
  }

  /// A broken invariant: what the tables say may be wrong, so nobody is served any longer.
  private void fatal(Thread thread, Throwable broken) {
    log.log(Level.ERROR, "stopping: thread=" + thread.getName(), broken);
    Thread.ofPlatform().name("vinery-stop").start(this::close);
  }
}
