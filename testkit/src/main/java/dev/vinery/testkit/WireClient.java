package dev.vinery.testkit;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.Errno;
import dev.vinery.posix.Poll;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.posix.TcpSocket;
import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.Codec;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Frame;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.PlasmaReply;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.SlabReply;
import dev.vinery.protocol.Status;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A client that sends what it is told to, right or wrong, and sees every byte that comes back.
///
/// No call waits longer than [#patience]: what does not come by then fails the test with an
/// [AssertionError]. A connection that the daemon has closed is told by a [ConnectionException].
/// Confined to one thread, apart from [#close()].
public final class WireClient implements AutoCloseable {
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Bytes that can be sent at once without waiting whenever a socket is ready for any.
  private static final int BUFFER_BYTES = 32 << 10;

  private final int fd;
  private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES);
  private final Arena mappings = Arena.ofShared();
  private final Map<Integer, Integer> descriptors = new HashMap<>();
  private final Map<Integer, MemorySegment> mapped = new HashMap<>();
  private Duration patience = Eventually.PATIENCE;
  private boolean closed;

  private WireClient(int fd) {
    this.fd = fd;
  }

  /// Connects, and does not register yet.
  ///
  /// @throws ConnectionException if nobody listens there
  public static WireClient connect(Path socket) {
    int fd = -1;
    try {
      fd = UnixSocket.socket();
      UnixSocket.connect(fd, socket);
      return new WireClient(fd);
    } catch (PosixException e) {
      if (fd >= 0) {
        Descriptor.close(fd);
      }
      throw new ConnectionException(Status.CONNECTION_FAILED, "cannot connect to " + socket, e);
    }
  }

  /// Connects over TCP, and does not register yet.
  ///
  /// @throws ConnectionException if nobody listens there
  public static WireClient connect(InetSocketAddress address) {
    int fd = -1;
    try {
      fd = TcpSocket.socket(address.getAddress());
      TcpSocket.connect(fd, address);
      if (Poll.await(fd, Poll.POLLOUT, (int) Eventually.PATIENCE.toMillis()) == 0) {
        throw new AssertionError("nobody answers at " + address);
      }
      TcpSocket.finishConnect(fd);
      return new WireClient(fd);
    } catch (PosixException e) {
      if (fd >= 0) {
        Descriptor.close(fd);
      }
      throw new ConnectionException(Status.CONNECTION_FAILED, "cannot connect to " + address, e);
    }
  }

  /// Connects over TCP and registers for normal blobs of the root session.
  public static WireClient registered(InetSocketAddress address) {
    return registered(connect(address));
  }

  /// Connects and registers for normal blobs.
  public static WireClient registered(Path socket) {
    return registered(connect(socket));
  }

  private static WireClient registered(WireClient client) {
    try {
      client.register();
      return client;
    } catch (RuntimeException | AssertionError e) {
      client.close();
      throw e;
    }
  }

  /// Registers as the official client does, for normal blobs.
  public Json.Fields register() {
    return (Json.Fields)
        JsonText.parse(
            exchange(print(new SessionRequest.Register("0.24.2", StoreType.NORMAL, 0, "", ""))));
  }

  /// Sets how long a call waits at most. At first that is [Eventually#PATIENCE].
  public void patience(Duration limit) {
    patience = limit;
  }

  /// Sends a text as a frame and returns the reply, an error or not. Descriptors that follow it
  /// have to be received by [#receiveDescriptor()].
  public Json.Fields call(String json) {
    return (Json.Fields) JsonText.parse(exchange(json.getBytes(StandardCharsets.UTF_8)));
  }

  /// Sends a request and returns the reply, [Reply.Failed] or not. Descriptors that the reply
  /// announces are received and kept, for [#bytes].
  public Reply call(Request request) {
    send(request);
    return receiveReply();
  }

  /// As [#call(Request)], for a reply that must be of one kind.
  public <T extends Reply> T call(Request request, Class<T> kind) {
    Reply reply = call(request);
    if (!kind.isInstance(reply)) {
      throw new AssertionError(
          "%s was answered by %s, not by a %s".formatted(request, reply, kind.getSimpleName()));
    }
    return kind.cast(reply);
  }

  /// Sends a request as a frame and does not wait for the reply.
  public void send(Request request) {
    sendFrame(print(request));
  }

  /// Sends bytes as a frame and returns the body of the reply.
  public byte[] exchange(byte[] body) {
    sendFrame(body);
    return receiveFrame();
  }

  /// Sends bytes as a frame.
  public void sendFrame(byte[] body) {
    sendLength(body.length);
    send(body);
  }

  /// Sends a text as a frame.
  public void sendFrame(String body) {
    sendFrame(body.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends the eight bytes that announce a frame.
  ///
  /// @param length all 64 bits of it
  public void sendLength(long length) {
    buffer.set(LENGTH, 0, length);
    byte[] header = buffer.asSlice(0, Frame.HEADER_BYTES).toArray(ValueLayout.JAVA_BYTE);
    send(header);
  }

  /// Sends bytes as they are.
  public void send(byte[] bytes) {
    try {
      for (int sent = 0; sent < bytes.length; ) {
        await(Poll.POLLOUT, "the daemon takes no more bytes");
        int some = Math.min(bytes.length - sent, BUFFER_BYTES);
        MemorySegment.copy(bytes, sent, buffer, ValueLayout.JAVA_BYTE, 0, some);
        sent += UnixSocket.send(fd, buffer, 0, some);
      }
    } catch (PosixException e) {
      throw lost(e);
    }
  }

  /// Receives a frame and returns its body.
  public byte[] receiveFrame() {
    long length =
        MemorySegment.ofArray(receive(Frame.HEADER_BYTES))
            .get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
    if (length < 0 || length > Frame.MAX_REPLY_BYTES) {
      throw new AssertionError("what came is no frame: its length would be " + length);
    }
    return receive((int) length);
  }

  /// Receives a frame, and the descriptors it announces, which are kept for [#bytes].
  public Reply receiveReply() {
    byte[] body = receiveFrame();
    Reply reply = Codec.readReply(body, 0, body.length);
    for (int key : announced(reply)) {
      descriptors.put(key, receiveDescriptor());
    }
    return reply;
  }

  /// Which keys come with a reply, in the order of their descriptors. Two replies do not say it, so
  /// those keys are meant that did not come before.
  private List<Integer> announced(Reply reply) {
    List<Integer> keys = new ArrayList<>();
    switch (reply) {
      case PlasmaReply.Found found -> {
        for (var payload : found.payloads()) {
          int key = payload.payload().storeFd();
          if (payload.payload().sizeBytes() > 0
              && !descriptors.containsKey(key)
              && !keys.contains(key)) {
            keys.add(key);
          }
        }
      }
      case SlabReply.Made made -> {
        if (!descriptors.containsKey(made.storeFd())) {
          keys.add(made.storeFd());
        }
      }
      default -> keys.addAll(reply.descriptors());
    }
    return keys;
  }

  /// Receives a descriptor and its byte. The caller closes it.
  public int receiveDescriptor() {
    try {
      await(Poll.POLLIN, "no descriptor came");
      return UnixSocket.receiveDescriptor(fd);
    } catch (PosixException e) {
      if (e.errno() == Errno.EBADMSG) {
        throw new AssertionError("a byte came without its descriptor", e);
      }
      throw lost(e);
    }
  }

  /// Whether the daemon closes the connection within some time, having sent nothing more.
  public boolean closedByPeer(Duration limit) {
    try {
      if (Poll.await(fd, Poll.POLLIN, (int) limit.toMillis()) == 0) {
        return false;
      }
      return UnixSocket.tryReceive(fd, buffer, 0, 1) == 0;
    } catch (PosixException e) {
      return e.errno() == Errno.ECONNRESET || e.errno() == Errno.EPIPE;
    }
  }

  /// Whether nothing has arrived, not even the end of the connection.
  public boolean silent() {
    try {
      return Poll.await(fd, Poll.POLLIN, 0) == 0;
    } catch (PosixException e) {
      throw lost(e);
    }
  }

  /// The descriptor that came with a key. This client closes it.
  public int descriptor(int key) {
    Integer descriptor = descriptors.get(key);
    if (descriptor == null) {
      throw new AssertionError("no descriptor came with the key " + key);
    }
    return descriptor;
  }

  /// Keys whose descriptors have come.
  public List<Integer> keys() {
    return List.copyOf(descriptors.keySet());
  }

  /// The bytes of a blob, mapped from the descriptor that came with its key; writable if that is.
  /// The mapping ends with the client.
  public MemorySegment bytes(Payload payload) {
    if (payload.sizeBytes() == 0) {
      return MemorySegment.NULL;
    }
    long mapBytes = payload.mapSizeBytes() - Payload.MAP_SIZE_EXCESS_BYTES;
    MemorySegment file =
        mapped.computeIfAbsent(payload.storeFd(), key -> map(descriptor(key), mapBytes));
    return file.asSlice(payload.offset(), payload.sizeBytes());
  }

  /// Maps a whole file of this client.
  public MemorySegment map(int descriptor, long sizeBytes) {
    try {
      return SharedMemory.map(descriptor, sizeBytes, true, mappings);
    } catch (PosixException readOnly) {
      try {
        return SharedMemory.map(descriptor, sizeBytes, false, mappings);
      } catch (PosixException e) {
        throw new AssertionError("cannot map " + sizeBytes + " bytes", e);
      }
    }
  }

  /// Closes the connection without a word, and the descriptors that were kept. Closing again does
  /// nothing.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    Descriptor.close(fd);
    descriptors.values().forEach(Descriptor::close);
    mappings.close();
  }

  /// Receives bytes that are no frame.
  public byte[] receive(int count) {
    var bytes = new byte[count];
    try {
      for (int received = 0; received < count; ) {
        await(Poll.POLLIN, "the reply is not there");
        int some = UnixSocket.receive(fd, buffer, 0, Math.min(count - received, BUFFER_BYTES));
        if (some == 0) {
          throw new ConnectionException(
              Status.CONNECTION_ERROR, "the daemon has closed the connection");
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, received, some);
        received += some;
      }
    } catch (PosixException e) {
      throw lost(e);
    }
    return bytes;
  }

  private void await(int events, String otherwise) throws PosixException {
    if (Poll.await(fd, events, (int) patience.toMillis()) == 0) {
      throw new AssertionError(otherwise + " after " + patience.toMillis() + " ms");
    }
  }

  private static ConnectionException lost(PosixException e) {
    return new ConnectionException(Status.CONNECTION_ERROR, "the connection is lost", e);
  }

  private static byte[] print(Request request) {
    var out = new JsonWriter();
    Codec.write(request, out);
    return out.toByteArray();
  }
}
