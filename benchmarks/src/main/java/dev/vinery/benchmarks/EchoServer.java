package dev.vinery.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.Frame;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A server that does nothing but answer: what a call costs before a daemon has done any work.
///
/// Each client has a thread; a frame comes in, and one of [#FRAME_BYTES] goes out.
final class EchoServer {
  /// Length of a reply, header included.
  static final int FRAME_BYTES = 72;

  /// How a thread waits for bytes.
  enum Waiting {
    /// It asks again and again, and gives way now and then. When nothing has come for
    /// [#POLLING_NANOS], it sleeps: a client that rests must not cost the others anything.
    POLLING,
    /// It sleeps until it is woken.
    SLEEPING
  }

  private static final long POLLING_NANOS = 5_000_000;
  private static final int POLLS_BEFORE_YIELD = 16;
  private static final int BUFFER_BYTES = 64 << 10;

  private EchoServer() {}

  /// @param args path of the socket; `POLLING` or `SLEEPING`
  public static void main(String[] args) throws PosixException {
    Waiting waiting = Waiting.valueOf(args[1]);
    int listener = UnixSocket.socket();
    UnixSocket.bind(listener, Path.of(args[0]));
    UnixSocket.listen(listener, 1);
    while (true) {
      int client = UnixSocket.accept(listener);
      Thread.ofPlatform().start(() -> serve(client, waiting));
    }
  }

  private static void serve(int client, Waiting waiting) {
    try (var arena = Arena.ofConfined()) {
      serve(client, arena.allocate(BUFFER_BYTES, Long.BYTES), waiting);
    } catch (PosixException gone) {
      System.err.println(gone.getMessage());
    } finally {
      Descriptor.close(client);
    }
  }

  private static void serve(int client, MemorySegment buffer, Waiting waiting)
      throws PosixException {
    while (receive(client, buffer, 0, Frame.HEADER_BYTES, waiting)) {
      long length = buffer.get(JAVA_LONG, 0);
      if (!receive(client, buffer, 0, length, waiting)) {
        return;
      }
      buffer.set(JAVA_LONG, 0, FRAME_BYTES - Frame.HEADER_BYTES);
      UnixSocket.send(client, buffer, 0, FRAME_BYTES);
    }
  }

  /// Takes exactly so many bytes.
  ///
  /// @return false at the end of the connection
  static boolean receive(int fd, MemorySegment buffer, long start, long length, Waiting waiting)
      throws PosixException {
    long received = 0;
    while (received < length) {
      long left = length - received;
      int bytes = waiting == Waiting.POLLING ? poll(fd, buffer, start + received, left) : 0;
      if (bytes == UnixSocket.WOULD_BLOCK || waiting == Waiting.SLEEPING) {
        bytes = UnixSocket.receive(fd, buffer, start + received, left);
      }
      if (bytes == 0) {
        return false;
      }
      received += bytes;
    }
    return true;
  }

  @SuppressWarnings("ThreadPriorityCheck") // giving way is what keeps two pollers of one core going
  private static int poll(int fd, MemorySegment buffer, long start, long length)
      throws PosixException {
    long deadlineNanos = System.nanoTime() + POLLING_NANOS;
    while (System.nanoTime() < deadlineNanos) {
      for (int i = 0; i < POLLS_BEFORE_YIELD; i++) {
        int bytes = UnixSocket.tryReceive(fd, buffer, start, length);
        if (bytes != UnixSocket.WOULD_BLOCK) {
          return bytes;
        }
      }
      Thread.yield();
    }
    return UnixSocket.WOULD_BLOCK;
  }
}
