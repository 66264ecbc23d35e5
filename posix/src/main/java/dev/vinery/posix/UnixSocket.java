package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Stream sockets between processes of one host. One method is one system call, repeated only if a
/// signal interrupts it. No descriptor made here is inherited by programs that are started. What
/// shuts down, sends and receives bytes does so on a [TcpSocket], too.
///
/// Safe for use by several threads: one may receive while another sends or shuts down. Buffers are
/// memory outside the Java heap, and must not be freed by another thread during a call.
public final class UnixSocket {
  /// What [#tryReceive] returns when nothing has arrived yet, and [#trySend] when there is no room.
  public static final int WOULD_BLOCK = -1;

  /// Longest path of a socket, in bytes of UTF-8: `sun_path` without the final zero.
  public static final int PATH_BYTES_MAX = 107;

  private static final int AF_UNIX = 1; // linux/socket.h
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

  private static final int SOCK_STREAM = 1; // linux/net.h
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SHUT_RDWR = 2;

  private static final int SOL_SOCKET = 1; // asm-generic/socket.h
  private static final int SO_PEERCRED = 17;

  private static final int SUN_PATH_OFFSET = 2; // linux/un.h
  private static final int UCRED_BYTES = 12; // linux/socket.h: pid, uid, gid
  private static final int UCRED_LENGTH_OFFSET = 16; // ours: where its socklen_t is put

  /// `int socket(int domain, int type, int protocol)`
  private static final Native.Function SOCKET = Native.function("socket");

  /// `int bind(int fd, const struct sockaddr *addr, socklen_t addrlen)`
  private static final Native.Function BIND = Native.function("bind");

  /// `int listen(int fd, int backlog)`
  private static final Native.Function LISTEN = Native.function("listen");

  /// `int accept4(int fd, struct sockaddr *addr, socklen_t *addrlen, int flags)`
  private static final Native.Function ACCEPT4 = Native.function("accept4");

  /// `int connect(int fd, const struct sockaddr *addr, socklen_t addrlen)`
  private static final Native.Function CONNECT = Native.function("connect");

  /// `int shutdown(int fd, int how)`
  private static final Native.Function SHUTDOWN = Native.function("shutdown");

  /// `ssize_t recv(int fd, void *buf, size_t len, int flags)`
  private static final Native.Function RECV = Native.function("recv");

  /// `ssize_t send(int fd, const void *buf, size_t len, int flags)`
  private static final Native.Function SEND = Native.function("send");

  /// `ssize_t recvmsg(int fd, struct msghdr *msg, int flags)`
  private static final Native.Function RECVMSG = Native.function("recvmsg");

  /// `ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)`
  private static final Native.Function SENDMSG = Native.function("sendmsg");

  /// `int getsockopt(int fd, int level, int optname, void *optval, socklen_t *optlen)`
  private static final Native.Function GETSOCKOPT = Native.function("getsockopt");

  private UnixSocket() {}

  /// Creates a socket and returns its descriptor, which the caller closes.
  public static int socket() throws PosixException {
    return (int) SOCKET.call(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  }

  /// Gives a socket its path, where the kernel makes a file. It outlives the socket.
  ///
  /// @throws IllegalArgumentException if the path is longer than [#PATH_BYTES_MAX]
  /// @throws PosixException with `EADDRINUSE` if there is such a file, in use or not
  public static void bind(int fd, Path path) throws PosixException {
    int length = putAddress(path);
    long result = BIND.once(fd, Scratch.ofThread().arguments().address(), length, 0);
    if (Native.failed(result)) {
      throw new PosixException("bind to " + path, (int) -result);
    }
  }

  /// Lets clients connect.
  ///
  /// @param backlog how many may wait to be accepted before the next one has to wait to connect
  public static void listen(int fd, int backlog) throws PosixException {
    LISTEN.call(fd, backlog);
  }

  /// Waits for a client and returns the descriptor of the connection, which the caller closes.
  ///
  /// @throws PosixException with `EINVAL` once the socket is shut down, with `EMFILE` if this
  ///   process has no descriptor left
  public static int accept(int fd) throws PosixException {
    return (int) ACCEPT4.call(fd, 0, 0, SOCK_CLOEXEC);
  }

  /// Connects a socket to the one that listens at a path.
  ///
  /// @throws IllegalArgumentException if the path is longer than [#PATH_BYTES_MAX]
  /// @throws PosixException with `ENOENT` if there is no such file, `ECONNREFUSED` if nobody
  ///   listens there, `EACCES` if this user may not write to it
  public static void connect(int fd, Path path) throws PosixException {
    long result;
    do {
      int length = putAddress(path);
      result = CONNECT.once(fd, Scratch.ofThread().arguments().address(), length, 0);
    } while (result == -Errno.EINTR);
    if (Native.failed(result)) {
      throw new PosixException("connect to " + path, (int) -result);
    }
  }

  /// Lays out a `struct sockaddr_un` in the thread's scratch memory and returns its length in
  /// bytes.
  private static int putAddress(Path path) {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    if (name.length > PATH_BYTES_MAX) {
      throw new IllegalArgumentException(
          "socket path is longer than "
              + PATH_BYTES_MAX
              + " bytes: "
              + path
              + " ("
              + name.length
              + " bytes)");
    }
    MemorySegment address = Scratch.ofThread().arguments();
    address.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(name, 0, address, JAVA_BYTE, SUN_PATH_OFFSET, name.length);
    address.set(JAVA_BYTE, SUN_PATH_OFFSET + (long) name.length, (byte) 0);
    return SUN_PATH_OFFSET + name.length + 1;
  }

  /// Ends a connection or a listening socket in both directions without closing the descriptor. Who
  /// waits in [#receive] gets end of file, who waits in [#accept] an exception.
  ///
  /// @throws PosixException with `ENOTCONN` if it was never connected
  public static void shutdown(int fd) throws PosixException {
    SHUTDOWN.call(fd, SHUT_RDWR);
  }

  /// Waits until bytes have come and takes as many as are there, at most `length`.
  ///
  /// @param length at least 1, in bytes
  /// @return how many bytes were put at `offset`, or 0 at end of file
  /// @throws PosixException with `ECONNRESET` if the peer closed without reading all that it was
  ///   sent
  public static int receive(int fd, MemorySegment buffer, long offset, long length)
      throws PosixException {
    long pointer = writablePointer(buffer, offset, length);
    try {
      return (int) RECV.call(fd, pointer, length, 0);
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  /// Takes bytes that have come already, as [#receive] does, but never waits.
  ///
  /// @return how many bytes were put at `offset`, 0 at end of file, or [#WOULD_BLOCK]
  public static int tryReceive(int fd, MemorySegment buffer, long offset, long length)
      throws PosixException {
    long pointer = writablePointer(buffer, offset, length);
    long result;
    try {
      do {
        result = RECV.once(fd, pointer, length, MSG_DONTWAIT);
      } while (result == -Errno.EINTR);
    } finally {
      Reference.reachabilityFence(buffer);
    }
    if (result == -Errno.EAGAIN) {
      return WOULD_BLOCK;
    }
    if (Native.failed(result)) {
      throw new PosixException(RECV.name(), (int) -result);
    }
    return (int) result;
  }

  private static long writablePointer(MemorySegment buffer, long offset, long length) {
    if (length < 1) {
      throw new IllegalArgumentException("room for received bytes must be at least 1: " + length);
    }
    if (buffer.isReadOnly()) {
      throw new IllegalArgumentException("the buffer to receive into is read-only");
    }
    return Native.pointer(buffer, offset, length);
  }

  /// Waits until there is room and sends bytes.
  ///
  /// @return how many bytes were sent, which may be fewer than `length`
  /// @throws PosixException with `EPIPE` or `ECONNRESET` if the peer has gone
  public static int send(int fd, MemorySegment buffer, long offset, long length)
      throws PosixException {
    long pointer = Native.pointer(buffer, offset, length);
    try {
      return (int) SEND.call(fd, pointer, length, MSG_NOSIGNAL);
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  /// Sends as many bytes as there is room for, at most `length`; never waits.
  ///
  /// @return how many bytes were sent, or [#WOULD_BLOCK]
  /// @throws PosixException with `EPIPE` or `ECONNRESET` if the peer has gone
  public static int trySend(int fd, MemorySegment buffer, long offset, long length)
      throws PosixException {
    long pointer = Native.pointer(buffer, offset, length);
    long result;
    try {
      do {
        result = SEND.once(fd, pointer, length, MSG_NOSIGNAL | MSG_DONTWAIT);
      } while (result == -Errno.EINTR);
    } finally {
      Reference.reachabilityFence(buffer);
    }
    if (result == -Errno.EAGAIN) {
      return WOULD_BLOCK;
    }
    if (Native.failed(result)) {
      throw new PosixException(SEND.name(), (int) -result);
    }
    return (int) result;
  }

  /// Sends a descriptor, and one byte of value 0 to carry it. The peer gets a descriptor of its own
  /// for the same open file; the caller still owns this one.
  public static void sendDescriptor(int fd, int descriptor) throws PosixException {
    SENDMSG.call(fd, DescriptorMessage.carrying(descriptor).address(), MSG_NOSIGNAL);
  }

  /// Waits for one byte, whatever its value, and returns the descriptor that came with it, which
  /// the caller closes.
  ///
  /// @throws PosixException with `EBADMSG` if no descriptor or more than one came with the byte
  ///   (none is left open then), with `ECONNRESET` at end of file
  public static int receiveDescriptor(int fd) throws PosixException {
    var message = DescriptorMessage.empty();
    long bytes = RECVMSG.call(fd, message.address(), MSG_CMSG_CLOEXEC);
    if (bytes == 0) {
      throw new PosixException("recvmsg of a descriptor", Errno.ECONNRESET);
    }
    return message.descriptor();
  }

  /// Who connected, or who listens, at the other end.
  public static PeerCredentials peerCredentials(int fd) throws PosixException {
    MemorySegment ucred = Scratch.ofThread().arguments();
    long base = ucred.address();
    ucred.set(JAVA_INT, UCRED_LENGTH_OFFSET, UCRED_BYTES);
    GETSOCKOPT.call(fd, SOL_SOCKET, SO_PEERCRED, base, base + UCRED_LENGTH_OFFSET, 0);
    return new PeerCredentials(
        ucred.get(JAVA_INT, 0), ucred.get(JAVA_INT, 4), ucred.get(JAVA_INT, 8));
  }
}
