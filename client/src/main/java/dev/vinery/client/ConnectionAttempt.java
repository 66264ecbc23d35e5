package dev.vinery.client;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.Errno;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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

  private final Path path;
  private final ConnectOptions options;

  private ConnectionAttempt(Path path, ConnectOptions options) {
    this.path = path;
    this.options = options;
  }

  /// Connects and registers, while no daemon listens again and again for as long as the options
  /// say.
  ///
  /// @throws ConnectionException if that is in vain
  static Connection open(Path path, ConnectOptions options) {
    var attempt = new ConnectionAttempt(path, options);
    long start = System.nanoTime();
    long patienceNanos = TimeUnit.NANOSECONDS.convert(options.patience());
    while (true) {
      try {
        return attempt.register(attempt.connect());
      } catch (PosixException e) {
        boolean nobodyListens = e.errno() == Errno.ENOENT || e.errno() == Errno.ECONNREFUSED;
        if (!nobodyListens || System.nanoTime() - start >= patienceNanos) {
          throw new ConnectionException(Status.CONNECTION_FAILED, attempt.advice(e), e);
        }
      }
      attempt.pause();
    }
  }

  private int connect() throws PosixException {
    int fd = UnixSocket.socket();
    boolean connected = false;
    try {
      UnixSocket.connect(fd, path);
      connected = true;
      return fd;
    } catch (IllegalArgumentException tooLong) {
      throw new ConnectionException(
          Status.CONNECTION_FAILED,
          tooLong.getMessage() + ": use a shorter path, for example a relative one",
          tooLong);
    } finally {
      if (!connected) {
        Descriptor.close(fd);
      }
    }
  }

  private Connection register(int fd) {
    var connection = new Connection(new FrameSocket(fd), path, options);
    boolean fits = false;
    try {
      SessionReply.Registered registered = connection.registered();
      requireVersion(registered.version());
      if (!registered.storeMatch()) {
        throw new ConnectionException(
            Status.CONNECTION_FAILED,
            "the session at " + path + " holds plasma blobs: connect to one of the normal kind");
      }
      fits = true;
      return connection;
    } finally {
      if (!fits) {
        connection.close();
      }
    }
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
              + path
              + " speaks version "
              + version
              + ", this client "
              + VERSION
              + ": use a daemon of version 0.24 or a later 0.x");
    }
  }

  private String advice(PosixException failure) {
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
      throw new ConnectionException(
          Status.CONNECTION_FAILED, "interrupted while waiting for a daemon at " + path, e);
    }
  }
}
