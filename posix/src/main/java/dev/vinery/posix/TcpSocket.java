package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/// Stream sockets to other hosts. One method is one system call, repeated only if a signal
/// interrupts it. No descriptor made here is inherited by programs that are started. Bytes are sent
/// and received by [UnixSocket#trySend] and [UnixSocket#tryReceive]. Safe for use by several
/// threads.
public final class TcpSocket {
  private static final int AF_INET = 2; // linux/socket.h
  private static final int AF_INET6 = 10;

  private static final int SOCK_STREAM = 1; // linux/net.h
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;

  private static final int SOL_SOCKET = 1; // asm-generic/socket.h
  private static final int SO_ERROR = 4;

  private static final int IPPROTO_TCP = 6; // linux/in.h
  private static final int TCP_NODELAY = 1; // linux/tcp.h
  private static final int TCP_QUICKACK = 12;

  // linux/in.h, struct sockaddr_in: family at 0, port at 2, address at 4
  // linux/in6.h, struct sockaddr_in6: family at 0, port at 2, flow at 4, address at 8, scope at 24
  private static final int PORT_OFFSET = 2;
  private static final int ADDRESS_OFFSET = 4;
  private static final int ADDRESS_BYTES = 16;
  private static final int FLOW_OFFSET = 4;
  private static final int ADDRESS6_OFFSET = 8;
  private static final int SCOPE_OFFSET = 24;
  private static final int ADDRESS6_BYTES = 28;

  private static final int LENGTH_OFFSET = 8; // ours: where the socklen_t of SO_ERROR is put

  /// `int socket(int domain, int type, int protocol)`
  private static final Native.Function SOCKET = Native.function("socket");

  /// `int connect(int fd, const struct sockaddr *addr, socklen_t addrlen)`
  private static final Native.Function CONNECT = Native.function("connect");

  /// `int getsockopt(int fd, int level, int optname, void *optval, socklen_t *optlen)`
  private static final Native.Function GETSOCKOPT = Native.function("getsockopt");

  /// `int setsockopt(int fd, int level, int optname, const void *optval, socklen_t optlen)`
  private static final Native.Function SETSOCKOPT = Native.function("setsockopt");

  private TcpSocket() {}

  /// Creates a socket that never waits, and returns its descriptor, which the caller closes.
  ///
  /// @param peer what it will be connected to
  public static int socket(InetAddress peer) throws PosixException {
    int family = peer instanceof Inet6Address ? AF_INET6 : AF_INET;
    return (int) SOCKET.call(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  }

  /// Begins to connect a socket. When [Poll#POLLOUT] has happened, [#finishConnect] tells how it
  /// went.
  ///
  /// @param peer resolved
  /// @throws PosixException with `ECONNREFUSED` or `ENETUNREACH`, if that is known at once
  public static void connect(int fd, InetSocketAddress peer) throws PosixException {
    int length = putAddress(peer);
    long result = CONNECT.once(fd, Scratch.ofThread().arguments().address(), length, 0);
    // A signal does not end what has begun.
    boolean begun = result == -Errno.EINPROGRESS || result == -Errno.EINTR;
    if (Native.failed(result) && !begun) {
      throw new PosixException("connect to " + peer, (int) -result);
    }
  }

  /// Lays out a socket address in the thread's scratch memory and returns its length in bytes.
  private static int putAddress(InetSocketAddress peer) {
    MemorySegment address = Scratch.ofThread().arguments();
    byte[] bytes = peer.getAddress().getAddress();
    address.set(
        JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), PORT_OFFSET, (short) peer.getPort());
    if (peer.getAddress() instanceof Inet6Address six) {
      address.set(JAVA_SHORT, 0, (short) AF_INET6);
      address.set(JAVA_INT, FLOW_OFFSET, 0);
      MemorySegment.copy(bytes, 0, address, JAVA_BYTE, ADDRESS6_OFFSET, bytes.length);
      address.set(JAVA_INT, SCOPE_OFFSET, six.getScopeId());
      return ADDRESS6_BYTES;
    }
    address.set(JAVA_SHORT, 0, (short) AF_INET);
    MemorySegment.copy(bytes, 0, address, JAVA_BYTE, ADDRESS_OFFSET, bytes.length);
    address.asSlice(ADDRESS_OFFSET + bytes.length, ADDRESS_BYTES - 8).fill((byte) 0);
    return ADDRESS_BYTES;
  }

  /// Tells how connecting went.
  ///
  /// @throws PosixException with `ECONNREFUSED` if nobody listens, `ETIMEDOUT`, `EHOSTUNREACH` or
  ///   `ENETUNREACH` if the peer cannot be reached
  public static void finishConnect(int fd) throws PosixException {
    MemorySegment value = Scratch.ofThread().arguments();
    long base = value.address();
    value.set(JAVA_INT, LENGTH_OFFSET, Integer.BYTES);
    GETSOCKOPT.call(fd, SOL_SOCKET, SO_ERROR, base, base + LENGTH_OFFSET, 0);
    int errno = value.get(JAVA_INT, 0);
    if (errno != 0) {
      throw new PosixException("connect", errno);
    }
  }

  /// Sends small messages at once instead of waiting for the peer to acknowledge earlier ones.
  public static void setNoDelay(int fd) throws PosixException {
    set(fd, TCP_NODELAY);
  }

  /// Acknowledges at once what has been received, so that a peer that waits for that goes on. The
  /// kernel forgets it soon, so it is said again after receiving.
  public static void setQuickAck(int fd) throws PosixException {
    set(fd, TCP_QUICKACK);
  }

  private static void set(int fd, int option) throws PosixException {
    MemorySegment value = Scratch.ofThread().arguments();
    value.set(JAVA_INT, 0, 1);
    SETSOCKOPT.call(fd, IPPROTO_TCP, option, value.address(), Integer.BYTES, 0);
  }
}
