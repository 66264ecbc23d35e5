package dev.vinery.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Two sockets of this process that move bytes between memory and memory, one thread at each end:
/// the speed that no daemon exceeds. A step sends as many bytes as a put or a get does, and a byte
/// in the other direction tells when to begin or that all have come.
final class PlainSockets implements Worker {
  private static final int PIECE_BYTES = 1 << 20;

  private final SocketChannel near;
  private final SocketChannel far;
  private final MemorySegment bytes;
  private final boolean put;
  private final Thread peer;
  private final MemorySegment target;
  private final ByteBuffer signal = ByteBuffer.allocateDirect(1);

  PlainSockets(MemorySegment bytes, boolean put) {
    this.bytes = bytes;
    this.put = put;
    this.target = Arena.ofAuto().allocate(bytes.byteSize());
    try (var server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      near = SocketChannel.open(server.getLocalAddress());
      far = server.accept();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    peer = Thread.ofPlatform().name("plain-socket").start(this::serve);
  }

  private void serve() {
    ByteBuffer own = ByteBuffer.allocateDirect(1);
    try {
      while (true) {
        if (put) {
          if (!move(far, target, false)) {
            return;
          }
          far.write(own.clear());
        } else {
          if (far.read(own.clear()) < 0) {
            return;
          }
          move(far, bytes, true);
        }
      }
    } catch (IOException closed) {
      // The worker has ended.
    }
  }

  @Override
  public void step(int index) {
    try {
      if (put) {
        move(near, bytes, true);
        near.read(signal.clear());
      } else {
        near.write(signal.clear());
        move(near, target, false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @return false at the end of the stream
  private static boolean move(SocketChannel socket, MemorySegment memory, boolean send)
      throws IOException {
    for (long from = 0; from < memory.byteSize(); from += PIECE_BYTES) {
      long some = Math.min(PIECE_BYTES, memory.byteSize() - from);
      ByteBuffer piece = memory.asSlice(from, some).asByteBuffer();
      while (piece.hasRemaining()) {
        if ((send ? socket.write(piece) : socket.read(piece)) < 0) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public void close() {
    try {
      near.close();
      far.close();
      peer.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
