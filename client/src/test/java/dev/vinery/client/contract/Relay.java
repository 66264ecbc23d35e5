package dev.vinery.client.contract;

import dev.vinery.client.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A TCP port that hands every connection on to another socket, counts bytes, and breaks
/// connections when a test says so.
public final class Relay implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final ServerSocketChannel listener;
  private final SocketAddress target;
  private final List<SocketChannel> channels = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicLong bytesToTarget = new AtomicLong();
  private final AtomicLong bytesToClient = new AtomicLong();
  private volatile long breakAfterBytes = Long.MAX_VALUE;

  public Relay(SocketAddress target) throws IOException {
    this.target = target;
    this.listener =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    start(this::accept);
  }

  public Address.Remote address() throws IOException {
    var local = (InetSocketAddress) listener.getLocalAddress();
    return new Address.Remote("127.0.0.1", local.getPort());
  }

  /// How many clients have connected so far.
  public int accepted() {
    return accepted.get();
  }

  public long bytesToTarget() {
    return bytesToTarget.get();
  }

  public long bytesToClient() {
    return bytesToClient.get();
  }

  /// Breaks the connection that next has passed on so many bytes, in both directions together.
  public void breakAfter(long bytes) {
    breakAfterBytes = bytesToTarget.get() + bytesToClient.get() + bytes;
  }

  /// Breaks all connections there are.
  public void breakConnections() {
    channels.forEach(Relay::close);
  }

  private void start(Runnable work) {
    threads.add(Thread.ofPlatform().daemon().name("relay").start(work));
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = listener.accept();
        accepted.incrementAndGet();
        SocketChannel server = SocketChannel.open(target);
        channels.addAll(List.of(client, server));
        start(() -> copy(client, server, bytesToTarget));
        start(() -> copy(server, client, bytesToClient));
      }
    } catch (IOException closed) {
      // The test is over, or the target.
    }
  }

  private void copy(SocketChannel from, WritableByteChannel to, AtomicLong count) {
    var buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try {
      while (from.read(buffer.clear()) >= 0) {
        count.addAndGet(buffer.flip().remaining());
        if (bytesToTarget.get() + bytesToClient.get() >= breakAfterBytes) {
          breakAfterBytes = Long.MAX_VALUE;
          break;
        }
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
      }
    } catch (IOException closed) {
      // So is the other half.
    } finally {
      close(from);
      close(to);
    }
  }

  private static void close(java.nio.channels.Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new AssertionError("a socket could not be closed", e);
    }
  }

  @Override
  public void close() {
    close(listener);
    breakConnections();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError("a test was interrupted while its relay ended", e);
      }
    }
  }
}
