package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/// What the Java runtime opens once, when a virtual thread waits for a socket for the first time,
/// and keeps: to be had before a test looks at what a daemon leaves behind.
final class VirtualSockets {
  private static boolean begun;

  private VirtualSockets() {}

  /// Does it, if it has not been done yet.
  static synchronized void begin() throws IOException {
    if (begun) {
      return;
    }
    try (var server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (var client = SocketChannel.open(server.getLocalAddress());
          var peer = server.accept()) {
        var count = new CompletableFuture<Integer>();
        Thread reader = Thread.ofVirtual().start(() -> readOne(client, count));
        eventually(() -> assertThat(reader.getState()).isEqualTo(Thread.State.WAITING));
        peer.write(ByteBuffer.wrap(new byte[1]));
        assertThat(count.join()).isOne();
      }
    }
    begun = true;
  }

  private static void readOne(SocketChannel from, CompletableFuture<Integer> count) {
    try {
      count.complete(from.read(ByteBuffer.allocate(1)));
    } catch (IOException e) {
      count.completeExceptionally(e);
    }
  }
}
