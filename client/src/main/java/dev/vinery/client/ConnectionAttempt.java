package dev.vinery.client;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.Errno;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.Status;
import java.io.EOFException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The way to a [Connection], and what to say to people when it fails: one line with what is wrong
/// and what to do.
final class ConnectionAttempt {
  /// The version of the protocol that this client speaks.
  static final String VERSION = "0.24.2";

  private static final int MAJOR = 0;
  private static final int MINOR_MIN = 24;
  private static final Pattern MAJOR_MINOR = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})");
  private static final long PAUSE_MILLIS = 20;

  private final Address address;
  private final ConnectOptions options;

  private ConnectionAttempt(Address address, ConnectOptions options) {
    this.address = address;
    this.options = options;
  }

  /// Connects and registers, while no daemon listens again and again for as long as the options
  /// say.
  ///
  /// @throws ConnectionException if that is in vain
  static Connection open(Address address, ConnectOptions options) {
    var attempt = new ConnectionAttempt(address, options);
    long start = System.nanoTime();
    long patienceNanos = TimeUnit.NANOSECONDS.convert(options.patience());
    while (true) {
      try {
        return attempt.register(attempt.connect());
      } catch (PosixException e) {
        boolean nobodyListens = e.errno() == Errno.ENOENT || e.errno() == Errno.ECONNREFUSED;
        if (!nobodyListens || System.nanoTime() - start >= patienceNanos) {
          throw failure(attempt.advice(e), e);
        }
      }
      attempt.pause();
    }
  }

  private FrameSocket connect() throws PosixException {
    return switch (address) {
      case Address.Local(var path) -> new FrameSocket(connect(path), false);
      case Address.Remote remote -> new FrameSocket(connect(remote), true);
    };
  }

  private static int connect(Path path) throws PosixException {
    int fd = UnixSocket.socket();
    boolean connected = false;
    try {
      UnixSocket.connect(fd, path);
      connected = true;
      return fd;
    } catch (IllegalArgumentException tooLong) {
      throw failure(
          tooLong.getMessage() + ": use a shorter path, for example a relative one", tooLong);
    } finally {
      if (!connected) {
        Descriptor.close(fd);
      }
    }
  }

  private int connect(Address.Remote remote) throws PosixException {
    try {
      return Dialer.connect(remote, options.timeout());
    } catch (UnknownHostException e) {
      throw failure(
          "there is no host '" + remote.host() + "': check its name, or use its address", e);
    } catch (TimeoutException e) {
      throw failure(unreachable(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted while connecting to " + address, e);
    }
  }

  private String unreachable() {
    return "no answer from " + address + ": check the host, the port and the firewalls between";
  }

  private Connection register(FrameSocket socket) {
    Connection connection = greet(socket);
    boolean fits = false;
    try {
      SessionReply.Registered registered = connection.registered();
      requireVersion(registered.version());
      if (!registered.storeMatch()) {
        throw new ConnectionException(
            Status.CONNECTION_FAILED,
            "the session at " + address + " holds plasma blobs: connect to one of the normal kind");
      }
      fits = true;
      return connection;
    } finally {
      if (!fits) {
        connection.close();
      }
    }
  }

  /// Registers. Who does not talk as a daemon does, is none: a port may be anybody's.
  private Connection greet(FrameSocket socket) {
    try {
      return new Connection(socket, address, options);
    } catch (ProtocolException e) {
      if (address instanceof Address.Local || options.sessionId() != 0) {
        throw e;
      }
      throw failure("what listens at " + address + " is no daemon: give its --rpc_socket_port", e);
    } catch (ConnectionException e) {
      if (address instanceof Address.Local || !(e.getCause() instanceof EOFException)) {
        throw e;
      }
      throw failure(
          "what listens at " + address + " hung up: give the --rpc_socket_port of a daemon", e);
    }
  }

  private static ConnectionException failure(String message, Throwable cause) {
    return new ConnectionException(Status.CONNECTION_FAILED, message, cause);
  }

  private void requireVersion(String version) {
    Matcher numbers = MAJOR_MINOR.matcher(version);
    boolean fits =
        numbers.lookingAt()
            && Integer.parseInt(numbers.group(1)) == MAJOR
            && Integer.parseInt(numbers.group(2)) >= MINOR_MIN;
    if (!fits) {
      throw new ConnectionException(
          Status.CONNECTION_FAILED,
          "the daemon at "
              + address
              + " speaks version "
              + version
              + ", this client "
              + VERSION
              + ": use a daemon of version 0.24 or a later 0.x");
    }
  }

  private String advice(PosixException failure) {
    return switch (address) {
      case Address.Local(var path) -> advice(path, failure);
      case Address.Remote(_, var port) ->
          switch (failure.errno()) {
            case Errno.ECONNREFUSED ->
                "no daemon listens at "
                    + address
                    + ": start one with vineyardd --rpc_socket_port "
                    + port
                    + ", or check the port";
            case Errno.ETIMEDOUT, Errno.EHOSTUNREACH, Errno.ENETUNREACH -> unreachable();
            default -> "cannot connect to " + address + ": " + failure.getMessage();
          };
    };
  }

  private static String advice(Path path, PosixException failure) {
    return switch (failure.errno()) {
      case Errno.ENOENT, Errno.ECONNREFUSED ->
          Files.isRegularFile(path) || Files.isDirectory(path)
              ? path + " is no socket: give the path that a daemon was started with"
              : "no daemon listens at " + path + ": start one with vineyardd --socket " + path;
      case Errno.EACCES ->
          "no permission to use the daemon at "
              + path
              + ": run as the user who started it, or ask for access";
      default -> "cannot connect to " + path + ": " + failure.getMessage();
    };
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted while waiting for a daemon at " + address, e);
    }
  }
}
