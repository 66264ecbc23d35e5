package dev.vinery.client;

import dev.vinery.posix.PosixException;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SpillRequest;
import java.io.EOFException;
import java.util.function.Function;

/// The connection that a client has at the moment. Safe for use by several threads.
///
/// A connection over TCP that was lost is replaced by the next call, because nothing of this client
/// depends on it. A call that was under way is repeated, once, if it only reads: then nothing is
/// done twice. Whatever else was under way fails, since nobody knows how far the daemon got.
///
/// A connection within one host is never replaced: what the client holds is entered in the daemon's
/// books under it, and a daemon that is gone has taken all of that along.
final class Line {
  private final Address address;
  private final ConnectOptions options;
  private Connection current;
  private boolean closed;

  private Line(Address address, ConnectOptions options) {
    this.address = address;
    this.options = options;
    this.current = ConnectionAttempt.open(address, options);
  }

  /// Connects.
  ///
  /// @throws ConnectionException if there is no daemon, or it refuses
  static Line open(Address address, ConnectOptions options) {
    return new Line(address, options);
  }

  Address address() {
    return address;
  }

  ConnectOptions options() {
    return options;
  }

  /// What the daemon said of itself at first.
  SessionReply.Registered registered() {
    return present().registered();
  }

  private synchronized Connection present() {
    return current;
  }

  /// The connection, a new one if the old one was lost and can be replaced.
  ///
  /// @throws ConnectionException if no daemon answers any more
  synchronized Connection connection() {
    if (current.ended() && !closed && address instanceof Address.Remote) {
      current = ConnectionAttempt.open(address, options);
    }
    return current;
  }

  /// Another connection to the same daemon, which the caller closes.
  Connection another() {
    return ConnectionAttempt.open(address, options);
  }

  /// Asks and returns the answer.
  <R extends Reply> R call(Request request, Class<R> replyType) {
    return isRead(request)
        ? reading(connection -> connection.call(request, replyType))
        : connection().call(request, replyType);
  }

  /// Runs steps that change nothing, and again if the connection was lost meanwhile.
  <T> T reading(Function<Connection, T> steps) {
    try {
      return steps.apply(connection());
    } catch (ConnectionException e) {
      boolean lost = e.getCause() instanceof EOFException || e.getCause() instanceof PosixException;
      if (!lost || address instanceof Address.Local) {
        throw e;
      }
      return steps.apply(connection());
    }
  }

  private static boolean isRead(Request request) {
    return switch (request) {
      case ObjectRequest.Get _,
          ObjectRequest.Find _,
          ObjectRequest.Exists _,
          ObjectRequest.IsPersistent _,
          NameRequest.Get _,
          NameRequest.Find _,
          SpillRequest.IsSpilled _,
          SpillRequest.IsInUse _,
          ClusterRequest.Instances _,
          ClusterRequest.InstanceStatus _ ->
          true;
      default -> false;
    };
  }

  /// Sends a request whose outcome nobody needs, and does not wait. Nothing happens if the daemon
  /// cannot be reached. A caller within one host holds the connection's lock.
  void post(Request request) {
    try {
      Connection connection = connection();
      connection.exclusively(() -> {
        connection.post(request);
        return true;
      });
    } catch (ConnectionException gone) {
      // Whoever posts is about to report that, or something worse.
    }
  }

  /// Leaves the daemon for good.
  void close() {
    Connection last;
    synchronized (this) {
      closed = true;
      last = current;
    }
    last.close();
  }
}
