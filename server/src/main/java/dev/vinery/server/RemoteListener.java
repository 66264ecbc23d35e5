package dev.vinery.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/// Accepts the clients of a daemon that come over TCP, each on a virtual thread of its own. They
/// begin in the root session and may ask for another one when they register. [IpcListener] is its
/// counterpart for the clients of this host.
///
/// Safe for use by several threads.
final class RemoteListener implements AutoCloseable {
  /// Clients at a time; more are disconnected at once.
  static final int MAX_CONNECTIONS = 16_384;

  /// Clients that may wait to be accepted.
  private static final int BACKLOG = 1024;

  /// How long to wait when the system has nothing left for another client.
  private static final Duration EXHAUSTED_WAIT = Duration.ofMillis(100);

  /// How long connections may take to end when the daemon stops.
  private static final Duration END_WAIT = Duration.ofSeconds(5);

  // A host that vanished without a word is noticed after some two minutes.
  private static final int KEEPALIVE_IDLE_SECONDS = 60;
  private static final int KEEPALIVE_INTERVAL_SECONDS = 15;
  private static final int KEEPALIVE_PROBES = 4;

  private static final Logger log = System.getLogger(RemoteListener.class.getName());

  private final ServerSocketChannel server;
  private final int port;
  private final Deadlines deadlines = new Deadlines(Deadlines.PERIOD);
  private final Map<Connection, Thread> connections = new HashMap<>();
  private @Nullable Thread acceptor;
  private boolean closed;

  /// What connections need of the daemon.
  ///
  /// @param looking connections of the daemon that look for requests without sleeping
  /// @param fatal told of a broken invariant
  /// @param left told of a session that a connection has left
  record Service(
      Session root,
      Lock storeLock,
      SessionHandler sessions,
      AtomicInteger looking,
      Thread.UncaughtExceptionHandler fatal,
      Consumer<Session> left) {}

  /// Binds a port on all addresses of the host, of both versions of IP; [#start] begins to accept.
  ///
  /// @param port 0 for any that is free
  /// @throws PortTakenException if somebody listens there
  RemoteListener(int port) throws IOException {
    this.server = ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(new InetSocketAddress(port), BACKLOG);
      this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    } catch (BindException e) {
      server.close();
      throw new PortTakenException(port, e);
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  int port() {
    return port;
  }

  void start(Service service) {
    deadlines.start();
    Thread thread =
        Thread.ofVirtual()
            .name("vinery-accept-tcp")
            .uncaughtExceptionHandler(service.fatal())
            .unstarted(() -> accept(service));
    synchronized (this) {
      acceptor = thread;
    }
    thread.start();
  }

  private void accept(Service service) {
    boolean told = false;
    while (true) {
      try {
        SocketChannel client = server.accept();
        told = false;
        serve(client, service);
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        if (!told) {
          log.log(Level.WARNING, "TCP clients have to wait: {0}", e.getMessage());
          told = true;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(EXHAUSTED_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void serve(SocketChannel client, Service service) throws IOException {
    try {
      if (closed || connections.size() >= MAX_CONNECTIONS) {
        client.close();
        return;
      }
      prepare(client);
      begin(client, service);
    } catch (IOException left) {
      client.close();
    }
  }

  private void begin(SocketChannel client, Service service) throws IOException {
    Peer peer = join(String.valueOf(client.getRemoteAddress()), service);
    var polling = new Polling(service.looking(), Runtime.getRuntime().availableProcessors());
    var connection =
        new Connection(
            new RemoteChannel(
                client, polling, deadlines, RemoteChannel.Patience.DEFAULT, peer::registered),
            peer,
            service.storeLock(),
            service.sessions(),
            self -> forget(self, service));
    Thread thread =
        Thread.ofVirtual()
            .name("vinery-client-" + peer.name())
            .uncaughtExceptionHandler(service.fatal())
            .unstarted(connection::run);
    connections.put(connection, thread);
    thread.start();
  }

  private static void prepare(SocketChannel client) throws IOException {
    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
    client.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
    client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    client.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
    client.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL_SECONDS);
    client.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_PROBES);
  }

  private static Peer join(String address, Service service) {
    service.storeLock().lock();
    try {
      return service.root().joinRemotely(address);
    } finally {
      service.storeLock().unlock();
    }
  }

  private void forget(Connection connection, Service service) {
    synchronized (this) {
      connections.remove(connection);
    }
    service.left().accept(connection.peer().session());
  }

  /// Stops accepting, ends all connections and waits for their threads.
  @Override
  public void close() {
    Thread accepting;
    List<Thread> ending;
    synchronized (this) {
      closed = true;
      connections.keySet().forEach(Connection::shutdown);
      ending = List.copyOf(connections.values());
      accepting = acceptor;
    }
    try {
      server.close();
    } catch (IOException e) {
      log.log(Level.WARNING, "closing the TCP port: {0}", e.getMessage());
    }
    deadlines.close();
    long deadlineNanos = System.nanoTime() + END_WAIT.toNanos();
    try {
      if (accepting != null) {
        accepting.join(END_WAIT);
      }
      for (Thread thread : ending) {
        thread.join(Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
