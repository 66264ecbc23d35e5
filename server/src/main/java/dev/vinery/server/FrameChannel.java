package dev.vinery.server;

import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.Frame;
import dev.vinery.protocol.JsonWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Frames on one socket: bytes in and out. Confined to one connection.
///
/// The length that a peer announces reserves nothing: memory grows with the bytes that have come.
final class FrameChannel implements AutoCloseable {
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Bytes taken from the socket at once. Two such buffers are what a connection costs, so they are
  /// made for calls, not for bulk.
  private static final int BUFFER_BYTES = 8 << 10;

  /// Bytes of a body or reply above which its memory is not kept for the next one.
  private static final int KEEP_BYTES = 256 << 10;

  private final int fd;
  private final Polling polling;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment input = arena.allocate(BUFFER_BYTES);
  private final MemorySegment output = arena.allocate(BUFFER_BYTES);
  private int inputFrom;
  private int inputTo;
  private byte[] body = new byte[1024];

  /// Does not take over the descriptor.
  FrameChannel(int fd, Polling polling) {
    this.fd = fd;
    this.polling = polling;
  }

  /// Reads the next frame.
  ///
  /// @return length of the body, which then stands at the beginning of [#body()]; or -1 when the
  ///   peer has left, in the middle of a frame or not, or announced more than is allowed
  int read() throws PosixException {
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
    if (body.length > KEEP_BYTES) {
      body = new byte[1024];
    }
    int count = 0;
    while (count < length) {
      if (inputFrom == inputTo && !fill()) {
        return -1;
      }
      int some = (int) Math.min(length - count, inputTo - inputFrom);
      if (count + some > body.length) {
        int room = (int) Math.min(length, Math.max(2L * body.length, count + some));
        body = Arrays.copyOf(body, room);
      }
      MemorySegment.copy(input, ValueLayout.JAVA_BYTE, inputFrom, body, count, some);
      inputFrom += some;
      count += some;
    }
    return count;
  }

  byte[] body() {
    return body;
  }

  void write(JsonWriter frame) throws PosixException {
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
    int room = BUFFER_BYTES - inputTo;
    int count = UnixSocket.tryReceive(fd, input, inputTo, room);
    if (count == UnixSocket.WOULD_BLOCK && polling.begin()) {
      count = look(room);
      polling.end(count != UnixSocket.WOULD_BLOCK);
    }
    return count == UnixSocket.WOULD_BLOCK ? UnixSocket.receive(fd, input, inputTo, room) : count;
  }

  /// Looks again and again for a moment. Lets others run in between: the peer may be one of them.
  @SuppressWarnings("ThreadPriorityCheck") // yielding is only polite; nothing relies on it
  private int look(int room) throws PosixException {
    long deadlineNanos = System.nanoTime() + Polling.WINDOW_NANOS;
    int count;
    do {
      Thread.yield();
      count = UnixSocket.tryReceive(fd, input, inputTo, room);
    } while (count == UnixSocket.WOULD_BLOCK && System.nanoTime() - deadlineNanos < 0);
    return count;
  }

  @Override
  public void close() {
    arena.close();
  }
}
