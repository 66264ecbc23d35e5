package dev.vinery.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.Epoll;
import dev.vinery.posix.Poll;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.TcpSocket;
import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.Frame;
import dev.vinery.protocol.JsonWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// A connection that costs what the official C++ client's costs: for each call it makes that
/// client's twelve system calls, in its order.
///
/// - `send` of the length, `send` of the text;
/// - for the length of the reply, and again for its text: `epoll_create1`, `epoll_ctl`,
///   `epoll_wait`, `read`, `close`.
///
/// Making the texts and reading the replies is cheaper here than in that client, whatever the
/// daemon; so differences between daemons look a little larger than through it, as through any
/// client that is quick.
///
/// Source: `send_message` and `recv_message` in the reference implementation's `src/client/io.cc`.
///
/// Confined to one thread at a time.
final class OfficialConnection implements AutoCloseable {
  private static final int TIMEOUT_MS = 300_000; // the official client's
  private static final int INITIAL_BYTES = 8 << 10;
  private static final ValueLayout.OfLong LENGTH =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int fd;
  private final ReplyText reply = new ReplyText();
  private MemorySegment buffer = allocate(INITIAL_BYTES);

  /// Connects to a daemon.
  ///
  /// @throws PosixException if nobody listens there
  OfficialConnection(Path socket) throws PosixException {
    this.fd = UnixSocket.socket();
    boolean connected = false;
    try {
      UnixSocket.connect(fd, socket);
      connected = true;
    } finally {
      if (!connected) {
        close();
      }
    }
  }

  private OfficialConnection(int fd) {
    this.fd = fd;
  }

  /// Connects to a daemon over TCP. Like the official client, it lets small messages wait for the
  /// acknowledgement of those before.
  ///
  /// @throws PosixException if nobody listens there
  static OfficialConnection overTcp(InetSocketAddress address) throws PosixException {
    int fd = TcpSocket.socket(address.getAddress());
    boolean connected = false;
    try {
      TcpSocket.connect(fd, address);
      Poll.await(fd, Poll.POLLOUT, TIMEOUT_MS);
      TcpSocket.finishConnect(fd);
      connected = true;
      return new OfficialConnection(fd);
    } finally {
      if (!connected) {
        Descriptor.close(fd);
      }
    }
  }

  /// Asks and waits for the reply.
  ///
  /// @param request a whole frame
  /// @return the reply, valid until the next call
  ReplyText call(JsonWriter request) throws PosixException {
    send(request);
    return receiveReply();
  }

  /// Waits for a reply, the first to a request or a further one.
  ///
  /// @return the reply, valid until the next call
  ReplyText receiveReply() throws PosixException {
    receive(Frame.HEADER_BYTES);
    int length = Math.toIntExact(buffer.get(LENGTH, 0));
    receive(length);
    reply.set(buffer, length);
    return reply;
  }

  /// Sends a frame, the length first.
  void send(JsonWriter request) throws PosixException {
    int length = request.sizeBytes();
    reserve(length);
    MemorySegment.copy(request.array(), 0, buffer, JAVA_BYTE, 0, length);
    send(buffer.asSlice(0, Frame.HEADER_BYTES));
    send(buffer.asSlice(Frame.HEADER_BYTES, length - Frame.HEADER_BYTES));
  }

  /// Sends bytes as they are.
  void send(MemorySegment bytes) throws PosixException {
    long sent = 0;
    while (sent < bytes.byteSize()) {
      int some = UnixSocket.trySend(fd, bytes, sent, bytes.byteSize() - sent);
      if (some == UnixSocket.WOULD_BLOCK) {
        Poll.await(fd, Poll.POLLOUT, TIMEOUT_MS);
      } else {
        sent += some;
      }
    }
  }

  private void receive(int length) throws PosixException {
    reserve(length);
    receive(buffer.asSlice(0, length));
  }

  /// Fills memory with the next bytes.
  void receive(MemorySegment into) throws PosixException {
    int epoll = Epoll.create();
    try {
      Epoll.add(epoll, fd, Poll.POLLIN);
      long received = 0;
      while (received < into.byteSize()) {
        if (Epoll.await(epoll, TIMEOUT_MS) == Epoll.NONE) {
          throw new IllegalStateException("no reply within " + TIMEOUT_MS + " ms");
        }
        int bytes = Descriptor.read(fd, into, received, into.byteSize() - received);
        if (bytes == 0) {
          throw new IllegalStateException("the daemon has closed the connection");
        }
        received += bytes;
      }
    } finally {
      Descriptor.close(epoll);
    }
  }

  private void reserve(int length) {
    if (length > buffer.byteSize()) {
      buffer = allocate(Math.max(length, 2 * buffer.byteSize()));
    }
  }

  /// Memory that the garbage collector frees: closing an arena costs more than connecting.
  private static MemorySegment allocate(long sizeBytes) {
    return Arena.ofAuto().allocate(sizeBytes, Long.BYTES);
  }

  /// Takes the descriptor that follows a reply. The caller closes it.
  int receiveDescriptor() throws PosixException {
    return UnixSocket.receiveDescriptor(fd);
  }

  @Override
  public void close() {
    Descriptor.close(fd);
  }
}
