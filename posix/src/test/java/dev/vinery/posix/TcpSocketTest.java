package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TcpSocketTest {
  private static final int LIMIT_MS = 20_000;

  private static ServerSocketChannel listener(String address) throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getByName(address), 0));
  }

  private static int connect(InetSocketAddress peer) throws PosixException {
    int fd = TcpSocket.socket(peer.getAddress());
    boolean connected = false;
    try {
      TcpSocket.connect(fd, peer);
      assertThat(Poll.await(fd, Poll.POLLOUT, LIMIT_MS)).isNotZero();
      TcpSocket.finishConnect(fd);
      connected = true;
      return fd;
    } finally {
      if (!connected) {
        Descriptor.close(fd);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void bytesTravelBothWays(String address) throws Exception {
    try (var listener = listener(address);
        var arena = Arena.ofConfined()) {
      int fd = connect((InetSocketAddress) listener.getLocalAddress());
      try (SocketChannel peer = listener.accept()) {
        TcpSocket.setNoDelay(fd);
        MemorySegment hello = arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 1, (byte) 2);
        assertThat(UnixSocket.trySend(fd, hello, 0, 2)).isEqualTo(2);
        ByteBuffer received = ByteBuffer.allocate(2);
        while (received.hasRemaining()) {
          peer.read(received);
        }
        peer.write(received.flip());

        assertThat(Poll.await(fd, Poll.POLLIN, LIMIT_MS)).isNotZero();
        MemorySegment answer = arena.allocate(8);
        assertThat(UnixSocket.tryReceive(fd, answer, 0, 8)).isEqualTo(2);
        TcpSocket.setQuickAck(fd);
        assertThat(answer.get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) 2);
      } finally {
        Descriptor.close(fd);
      }
    }
  }

  @Test
  void aPortWhereNobodyListensRefuses() throws Exception {
    InetSocketAddress deaf;
    try (var listener = listener("127.0.0.1")) {
      deaf = (InetSocketAddress) listener.getLocalAddress();
    }

    assertThatThrownBy(() -> connect(deaf))
        .isInstanceOfSatisfying(
            PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECONNREFUSED));
  }

  @Test
  void sendingNeverWaitsForAPeerThatDoesNotRead() throws Exception {
    try (var listener = listener("127.0.0.1");
        var arena = Arena.ofConfined()) {
      int fd = connect((InetSocketAddress) listener.getLocalAddress());
      try {
        MemorySegment many = arena.allocate(1 << 20);
        int sent;
        do {
          sent = UnixSocket.trySend(fd, many, 0, many.byteSize());
        } while (sent != UnixSocket.WOULD_BLOCK);
        assertThat(Poll.await(fd, Poll.POLLOUT, 0)).isZero();
      } finally {
        Descriptor.close(fd);
      }
    }
  }
}
