package dev.vinery.client;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.TcpSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/// Makes connections over TCP.
final class Dialer {
  /// How long a host may take to say that somebody listens.
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private Dialer() {}

  /// Connects to the first address of a host where somebody listens, and returns the descriptor of
  /// a socket that sends and acknowledges at once, which the caller closes.
  ///
  /// @throws UnknownHostException if the host has no address
  /// @throws PosixException as [TcpSocket#finishConnect], of the last address
  static int connect(Address.Remote peer, Duration timeout)
      throws UnknownHostException, PosixException, InterruptedException, TimeoutException {
    long deadlineNanos =
        Connection.deadlineNanos(
            timeout.compareTo(CONNECT_TIMEOUT) < 0 ? timeout : CONNECT_TIMEOUT);
    InetAddress[] candidates = InetAddress.getAllByName(peer.host());
    for (int i = 0; i < candidates.length - 1; i++) {
      try {
        return connect(new InetSocketAddress(candidates[i], peer.port()), deadlineNanos);
      } catch (PosixException notThere) {
        // The next address may be the one.
      }
    }
    return connect(
        new InetSocketAddress(candidates[candidates.length - 1], peer.port()), deadlineNanos);
  }

  private static int connect(InetSocketAddress peer, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException {
    int fd = TcpSocket.socket(peer.getAddress());
    boolean connected = false;
    try {
      TcpSocket.connect(fd, peer);
      ReplyWait.awaitWritable(fd, deadlineNanos);
      TcpSocket.finishConnect(fd);
      TcpSocket.setNoDelay(fd);
      TcpSocket.setQuickAck(fd);
      connected = true;
      return fd;
    } finally {
      if (!connected) {
        Descriptor.close(fd);
      }
    }
  }

  /// Whether a host is this one, as far as can be told.
  static boolean isHere(Address.Remote peer) {
    try {
      InetAddress address = InetAddress.getByName(peer.host());
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (UnknownHostException | SocketException unknown) {
      return false;
    }
  }
}
