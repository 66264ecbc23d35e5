package dev.vinery.client;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.TcpSocket;
import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.Frame;
import dev.vinery.protocol.ProtocolException;
import java.io.EOFException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;

/// A connected socket that carries frames, and behind them descriptors or the bytes of blobs.
/// Guarded by the lock of its [Connection].
///
/// Frames are collected and leave in one system call. What comes is taken in one call, too, unless
/// a descriptor may follow: the byte that carries it must not be taken along with a frame, or the
/// descriptor is lost.
final class FrameSocket {
  private static final int BUFFER_BYTES = 64 << 10;

  /// Bytes of one system call; what waits between two of them has its time anew.
  private static final int PIECE_BYTES = 1 << 20;

  private static final ValueLayout.OfLong LENGTH =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int fd;
  private final boolean overTcp;
  private final ReplyWait waiting = new ReplyWait();

  private final MemorySegment out = Arena.ofAuto().allocate(BUFFER_BYTES);
  private int outEnd;

  private final MemorySegment in = Arena.ofAuto().allocate(BUFFER_BYTES);
  private int inStart;
  private int inEnd;

  private byte[] body = new byte[BUFFER_BYTES];

  /// @param fd a connected socket, which this object closes
  FrameSocket(int fd, boolean overTcp) {
    this.fd = fd;
    this.overTcp = overTcp;
  }

  /// Adds a frame to those that [#flush] sends.
  void put(byte[] frame, int length, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException {
    int from = 0;
    while (from < length) {
      int count = Math.min(length - from, BUFFER_BYTES - outEnd);
      MemorySegment.copy(frame, from, out, JAVA_BYTE, outEnd, count);
      outEnd += count;
      from += count;
      if (outEnd == BUFFER_BYTES) {
        flush(deadlineNanos);
      }
    }
  }

  /// Sends what was put.
  void flush(long deadlineNanos) throws PosixException, InterruptedException, TimeoutException {
    int sent = 0;
    while (sent < outEnd) {
      sent += send(out, sent, outEnd - sent, deadlineNanos);
    }
    outEnd = 0;
  }

  /// Sends a part of some bytes as they are, behind what was flushed.
  ///
  /// @return how many were sent, at least 1
  int send(MemorySegment bytes, long offset, long length, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException {
    while (true) {
      int sent = UnixSocket.trySend(fd, bytes, offset, Math.min(length, PIECE_BYTES));
      if (sent != UnixSocket.WOULD_BLOCK) {
        return sent;
      }
      ReplyWait.awaitWritable(fd, deadlineNanos);
    }
  }

  /// Takes a part of some bytes as they come, behind the last frame.
  ///
  /// @return how many were taken, at least 1
  /// @throws EOFException if the peer has closed the connection
  int receive(MemorySegment into, long offset, long length, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException, EOFException {
    if (inStart < inEnd) {
      int count = (int) Math.min(length, inEnd - inStart);
      MemorySegment.copy(in, inStart, into, offset, count);
      inStart += count;
      return count;
    }
    int count = waiting.receive(fd, into, offset, Math.min(length, PIECE_BYTES), deadlineNanos);
    return received(count);
  }

  /// Takes one frame, whose bytes are in [#body()] until the next call.
  ///
  /// @param exact whether nothing behind the frame may be taken yet
  /// @return the length of the body in bytes
  /// @throws EOFException if the peer has closed the connection
  /// @throws ProtocolException if the frame is longer than any reply may be
  int receive(boolean exact, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException, EOFException {
    while (inEnd - inStart < Frame.HEADER_BYTES) {
      take(Frame.HEADER_BYTES - (inEnd - inStart), exact, deadlineNanos);
    }
    long length = in.get(LENGTH, inStart);
    if (length < 0 || length > Frame.MAX_REPLY_BYTES) {
      throw new ProtocolException(
          "the daemon announced a reply of "
              + Long.toUnsignedString(length)
              + " bytes, more than "
              + Frame.MAX_REPLY_BYTES);
    }
    inStart += Frame.HEADER_BYTES;
    receiveBody((int) length, exact, deadlineNanos);
    return (int) length;
  }

  private void receiveBody(int length, boolean exact, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException, EOFException {
    if (body.length > BUFFER_BYTES && length <= BUFFER_BYTES) {
      body = new byte[BUFFER_BYTES]; // an unusually large reply is over
    }
    int count = 0;
    while (count < length) {
      if (inStart == inEnd) {
        take(length - count, exact, deadlineNanos);
      }
      int part = Math.min(length - count, inEnd - inStart);
      if (body.length < count + part) {
        body = Arrays.copyOf(body, Math.min(length, Math.max(count + part, 2 * body.length)));
      }
      MemorySegment.copy(in, JAVA_BYTE, inStart, body, count, part);
      inStart += part;
      count += part;
    }
  }

  /// Waits for bytes and adds them to the buffer.
  ///
  /// @param wanted how many are missing for what is being read, at least 1
  private void take(int wanted, boolean exact, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException, EOFException {
    if (inStart == inEnd) {
      inStart = 0;
      inEnd = 0;
    } else if (inStart > BUFFER_BYTES - Frame.HEADER_BYTES) {
      MemorySegment.copy(in, inStart, in, 0, inEnd - inStart);
      inEnd -= inStart;
      inStart = 0;
    }
    int room = BUFFER_BYTES - inEnd;
    int count =
        waiting.receive(fd, in, inEnd, exact ? Math.min(wanted, room) : room, deadlineNanos);
    inEnd += received(count);
  }

  private int received(int count) throws PosixException, EOFException {
    if (count == 0) {
      throw new EOFException();
    }
    if (overTcp) {
      TcpSocket.setQuickAck(fd);
    }
    return count;
  }

  /// The bytes of the last frame, from index 0 on.
  byte[] body() {
    return body;
  }

  /// Takes a descriptor that comes next, which the caller closes.
  int receiveDescriptor(long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException {
    ReplyWait.awaitReadable(fd, deadlineNanos);
    return UnixSocket.receiveDescriptor(fd);
  }

  void close() {
    Descriptor.close(fd);
  }
}
