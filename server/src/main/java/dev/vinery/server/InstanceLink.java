package dev.vinery.server;

import dev.vinery.protocol.Codec;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Frame;
import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/// A connection to another instance of the cluster, of which this one is a client, over TCP.
///
/// Requests may be sent before the replies to earlier ones have come. Whenever something is awaited
/// a deadline stands, so an instance that is frozen holds nothing up for long. Confined to one
/// thread, which may be a virtual one.
final class InstanceLink implements AutoCloseable {
  /// How long the other side may take to accept, and to send or to take more of what it has to.
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /// Bytes of a message above which its memory is not kept for the next one.
  private static final int KEEP_BYTES = 64 << 10;

  private static final int FIRST_BODY_BYTES = 4 << 10;
  private static final int BUFFER_BYTES = 64 << 10;

  private final String name;
  private final Deadlines.Deadline deadline;
  private final SocketChannel socket;
  private final JsonWriter out = new JsonWriter();
  private final FrameBody body = new FrameBody(FIRST_BODY_BYTES, KEEP_BYTES);
  private final ByteBuffer input =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);

  private InstanceLink(String name, Deadlines deadlines) throws IOException {
    this.name = name;
    this.socket = SocketChannel.open();
    this.deadline = deadlines.deadline(this::disconnect);
  }

  /// Connects to another instance.
  ///
  /// @param name of the instance, for people
  /// @throws ConnectionException if nobody accepts
  static InstanceLink connect(String name, InetSocketAddress address, Deadlines deadlines) {
    try {
      if (address.isUnresolved()) {
        throw new IOException("the name of its host is unknown");
      }
      var link = new InstanceLink(name, deadlines);
      try {
        link.deadline.begin(PATIENCE);
        link.socket.connect(address);
        link.deadline.done();
        link.socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return link;
      } catch (IOException e) {
        link.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ConnectionException(
          Status.CONNECTION_FAILED,
          "%s cannot be reached at %s: %s".formatted(name, address, reason(e)));
    }
  }

  /// Whether the other instance is on this host, where compressing only costs time.
  boolean withinHost() {
    try {
      return isOwn(((InetSocketAddress) socket.getRemoteAddress()).getAddress());
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private static boolean isOwn(InetAddress address) throws SocketException {
    return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
  }

  /// Sends a request, whose reply comes after those to earlier ones.
  ///
  /// @throws ConnectionException if the connection is lost
  void send(Request request) {
    out.beginFrame();
    Codec.write(request, out);
    out.endFrame();
    int count = out.sizeBytes();
    try {
      for (int sent = 0; sent < count; sent += KEEP_BYTES) {
        // In parts, because the system's own copy of what is on the heap is kept.
        ByteBuffer part = ByteBuffer.wrap(out.array(), sent, Math.min(count - sent, KEEP_BYTES));
        while (part.hasRemaining()) {
          deadline.begin(PATIENCE);
          socket.write(part);
          deadline.done();
        }
      }
    } catch (IOException e) {
      throw lost(e);
    }
    out.reset(KEEP_BYTES);
  }

  /// Takes the next reply.
  ///
  /// @throws StoreException if the other instance refuses the request, with its status
  /// @throws ConnectionException if the connection is lost, or what comes is no such reply
  <T extends Reply> T reply(Class<T> type) {
    Reply reply;
    try {
      int length = read();
      reply = Codec.readReply(body.bytes(), 0, length);
    } catch (ProtocolException malformed) {
      throw lost(malformed);
    } catch (IOException e) {
      throw lost(e);
    }
    if (reply instanceof Reply.Failed(var status, var message)) {
      throw StoreException.of(status, "%s refuses: %s".formatted(name, message));
    }
    if (!type.isInstance(reply)) {
      throw lost(new ProtocolException("it gives an answer to something else"));
    }
    return type.cast(reply);
  }

  /// Returns the length of the next body.
  private int read() throws IOException {
    while (input.remaining() < Frame.HEADER_BYTES) {
      fill();
    }
    long length = input.getLong();
    if (length < 0 || length > Frame.MAX_REPLY_BYTES) {
      throw new ProtocolException(
          "it announces a reply of %s bytes".formatted(Long.toUnsignedString(length)));
    }
    body.begin();
    while (body.count() < length) {
      if (!input.hasRemaining()) {
        fill();
      }
      int some = (int) Math.min(length - body.count(), input.remaining());
      int at = body.append(some, length);
      input.get(body.bytes(), at, some);
    }
    return body.count();
  }

  /// Fills a direct buffer with the bytes behind the last reply, to its limit.
  ///
  /// @throws IOException if the connection is lost before
  void receive(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (input.hasRemaining()) {
        int some = Math.min(into.remaining(), input.remaining());
        into.put(into.position(), input, input.position(), some);
        into.position(into.position() + some);
        input.position(input.position() + some);
      } else if (into.remaining() < BUFFER_BYTES) {
        fill();
      } else {
        receiveSome(into);
      }
    }
  }

  private void fill() throws IOException {
    input.compact();
    try {
      receiveSome(input);
    } finally {
      input.flip();
    }
  }

  /// Daemons of the reference implementation send a reply and the bytes behind it apart, and wait
  /// with the second for the first to be acknowledged, which the system would do 40 ms later.
  private void receiveSome(ByteBuffer into) throws IOException {
    socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
    deadline.begin(PATIENCE);
    int count = socket.read(into);
    deadline.done();
    if (count < 0) {
      throw new EOFException("it has closed the connection");
    }
  }

  /// Returns what tells that nothing more can be had over this link.
  ConnectionException lost(Exception cause) {
    return new ConnectionException(
        Status.CONNECTION_ERROR, "the connection to %s is lost: %s".formatted(name, reason(cause)));
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /// Ends the connection, from any thread; whoever uses it fails.
  private void disconnect() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    deadline.close();
    disconnect();
  }
}
