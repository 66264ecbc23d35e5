package dev.vinery.server;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.EventFd;
import dev.vinery.posix.Poll;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.Frame;
import dev.vinery.protocol.JsonWriter;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A socket of this host, served by a thread of its own.
final class LocalChannel implements Channel {
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Bytes taken from the socket at once. Two such buffers are what a connection costs, so they are
  /// made for calls, not for bulk.
  private static final int BUFFER_BYTES = 8 << 10;

  /// Bytes of a body or reply above which its memory is not kept for the next one.
  private static final int KEEP_BYTES = 256 << 10;

  private static final int FIRST_BODY_BYTES = 1 << 10;

  private final int fd;
  private final Polling polling;
  private final Polling.Attempt<PosixException> attempt = this::tryReceive;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment input = arena.allocate(BUFFER_BYTES);
  private final MemorySegment output = arena.allocate(BUFFER_BYTES);
  private int inputFrom;
  private int inputTo;
  private final FrameBody body = new FrameBody(FIRST_BODY_BYTES, KEEP_BYTES);

  /// Takes over the descriptor. To be made by the thread that serves the client.
  LocalChannel(int fd, Polling polling) {
    this.fd = fd;
    this.polling = polling;
  }

  @Override
  public int read() throws PosixException {
    while (inputTo - inputFrom < Frame.HEADER_BYTES) {
      compact();
      if (!fill()) {
        return -1;
      }
    }
    long length = input.get(LENGTH, inputFrom);
    if (length < 0 || length > Frame.MAX_REQUEST_BYTES) {
      return -1;
    }
    inputFrom += Frame.HEADER_BYTES;
    body.begin();
    while (body.count() < length) {
      if (inputFrom == inputTo && !fill()) {
        return -1;
      }
      int some = (int) Math.min(length - body.count(), inputTo - inputFrom);
      int at = body.append(some, length);
      MemorySegment.copy(input, ValueLayout.JAVA_BYTE, inputFrom, body.bytes(), at, some);
      inputFrom += some;
    }
    return body.count();
  }

  @Override
  public byte[] body() {
    return body.bytes();
  }

  @Override
  public void write(JsonWriter frame) throws PosixException {
    byte[] bytes = frame.array();
    int count = frame.sizeBytes();
    for (int sent = 0; sent < count; ) {
      int some = Math.min(count - sent, BUFFER_BYTES);
      MemorySegment.copy(bytes, sent, output, ValueLayout.JAVA_BYTE, 0, some);
      int done = 0;
      while (done < some) {
        done += UnixSocket.send(fd, output, done, some - done);
      }
      sent += some;
    }
    frame.reset(KEEP_BYTES);
  }

  @Override
  public void announce(JsonWriter frame) throws PosixException {
    write(frame);
  }

  @Override
  public void flush() {
    // Nothing is kept back: announcing has sent it.
  }

  @Override
  public void sendDescriptor(int descriptor) throws PosixException {
    UnixSocket.sendDescriptor(fd, descriptor);
  }

  @Override
  public void receive(ByteBuffer into) throws IOException {
    MemorySegment target = MemorySegment.ofBuffer(into);
    long wanted = target.byteSize();
    long count = Math.min(wanted, inputTo - inputFrom);
    MemorySegment.copy(input, inputFrom, target, 0, count);
    inputFrom += (int) count;
    try {
      while (count < wanted) {
        int some = UnixSocket.receive(fd, target, count, wanted - count);
        if (some == 0) {
          throw new EOFException("the client has left");
        }
        count += some;
      }
    } catch (PosixException e) {
      throw new IOException(e.getMessage(), e);
    }
    into.position(into.limit());
  }

  @Override
  public void send(ByteBuffer from) throws IOException {
    MemorySegment source = MemorySegment.ofBuffer(from);
    try {
      for (long sent = 0; sent < source.byteSize(); ) {
        sent += UnixSocket.send(fd, source, sent, source.byteSize() - sent);
      }
    } catch (PosixException e) {
      throw new IOException(e.getMessage(), e);
    }
    from.position(from.limit());
  }

  @Override
  public Bell bell() throws PosixException {
    return new EventBell(EventFd.create());
  }

  private final class EventBell implements Bell {
    private final int event;

    EventBell(int event) {
      this.event = event;
    }

    @Override
    public void ring() {
      try {
        EventFd.signal(event);
      } catch (PosixException e) {
        throw new AssertionError("a bell is open while somebody listens", e);
      }
    }

    @Override
    public boolean await() throws PosixException {
      while (true) {
        int happened = Poll.await(fd, Poll.POLLRDHUP, event, Poll.POLLIN, Poll.FOR_EVER);
        if (Poll.second(happened) != 0) {
          return true;
        }
        if (Poll.first(happened) != 0) {
          return false;
        }
      }
    }

    @Override
    public void close() {
      Descriptor.close(event);
    }
  }

  @Override
  public void shutdown() {
    try {
      UnixSocket.shutdown(fd);
    } catch (PosixException e) {
      // The peer was faster.
    }
  }

  private void compact() {
    if (inputFrom > 0) {
      MemorySegment.copy(input, inputFrom, input, 0, inputTo - inputFrom);
      inputTo -= inputFrom;
      inputFrom = 0;
    }
  }

  /// Takes more bytes from the socket.
  ///
  /// @return false at the end of the stream
  private boolean fill() throws PosixException {
    if (inputFrom == inputTo) {
      inputFrom = 0;
      inputTo = 0;
    }
    int count = receive();
    inputTo += count;
    return count > 0;
  }

  private int receive() throws PosixException {
    int count = tryReceive();
    if (count == UnixSocket.WOULD_BLOCK) {
      count = polling.look(attempt, UnixSocket.WOULD_BLOCK);
    }
    return count == UnixSocket.WOULD_BLOCK
        ? UnixSocket.receive(fd, input, inputTo, BUFFER_BYTES - inputTo)
        : count;
  }

  private int tryReceive() throws PosixException {
    return UnixSocket.tryReceive(fd, input, inputTo, BUFFER_BYTES - inputTo);
  }

  @Override
  public void close() {
    arena.close();
    Descriptor.close(fd);
  }
}
