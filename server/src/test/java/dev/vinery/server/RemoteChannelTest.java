package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.protocol.JsonWriter;
import dev.vinery.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How long a daemon waits for a client on TCP, with less patience than it has.
final class RemoteChannelTest {
  private static final Duration LIMIT = Duration.ofMillis(100);
  private static final Duration NEVER = Duration.ofDays(1);

  private final Deadlines deadlines = new Deadlines(Duration.ofMillis(10));
  private final ByteBuffer large = ByteBuffer.allocateDirect(64 << 20);
  private SocketChannel client;
  private SocketChannel accepted;
  private volatile boolean registered = true;

  @BeforeEach
  void connect() throws IOException {
    try (var server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      client = SocketChannel.open(server.getLocalAddress());
      accepted = server.accept();
    }
    deadlines.start();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    accepted.close();
    deadlines.close();
  }

  @Test
  void whoDoesNotRegisterIsDisconnected() {
    registered = false;

    assertThatThrownBy(() -> result(() -> channel(LIMIT, NEVER).read()))
        .hasCauseInstanceOf(ClosedChannelException.class);
  }

  @Test
  void whoSendsHalfAHeaderIsDisconnected() throws IOException {
    client.write(ByteBuffer.wrap(new byte[4]));

    assertThatThrownBy(() -> result(() -> channel(LIMIT, NEVER).read()))
        .hasCauseInstanceOf(ClosedChannelException.class);
  }

  @Test
  void whoSendsHalfABodyIsDisconnected() throws IOException {
    client.write(header(100));
    client.write(ByteBuffer.wrap(new byte[99]));

    assertThatThrownBy(() -> result(() -> channel(LIMIT, NEVER).read()))
        .hasCauseInstanceOf(ClosedChannelException.class);
  }

  @Test
  void whoSendsHalfABlobIsDisconnected() throws IOException {
    client.write(ByteBuffer.wrap(new byte[10_000]));
    ByteBuffer blob = ByteBuffer.allocateDirect(20_000);

    assertThatThrownBy(() ->
            result(() -> {
              channel(LIMIT, NEVER).receive(blob);
              return 0;
            }))
        .hasCauseInstanceOf(ClosedChannelException.class);
  }

  @Test
  void whoTakesNothingOfWhatItAskedForIsDisconnected() {
    assertThatThrownBy(() ->
            result(() -> {
              channel(NEVER, LIMIT).send(large);
              return 0;
            }))
        .hasCauseInstanceOf(ClosedChannelException.class);
  }

  @Test
  void anAnnouncedFrameGoesTogetherWithTheFirstBytes() throws Exception {
    RemoteChannel channel = channel(NEVER, NEVER);
    ByteBuffer taken = ByteBuffer.allocate(100);
    client.configureBlocking(false);

    result(() -> {
      channel.announce(frame());
      assertThat(client.read(taken)).isZero();
      channel.send(ByteBuffer.wrap(new byte[] {7, 8}));
      return 0;
    });

    // Sent by one call, so within a host all of it is there when the call returns.
    assertThat(client.read(taken)).isEqualTo(frame().sizeBytes() + 2);
    assertThat(taken.array()).startsWith(frame().toByteArray()).containsSequence(7, 8);
  }

  @Test
  void anAnnouncedFrameGoesByItselfWhenNoBytesFollow() throws Exception {
    RemoteChannel channel = channel(NEVER, NEVER);
    ByteBuffer taken = ByteBuffer.allocate(100);

    result(() -> {
      channel.announce(frame());
      channel.flush();
      channel.flush();
      return 0;
    });

    assertThat(client.read(taken)).isEqualTo(frame().sizeBytes());
    assertThat(taken.array()).startsWith(frame().toByteArray());
  }

  @Test
  void anAnnouncedFrameThatIsLongGoesBeforeTheBytes() throws Exception {
    RemoteChannel channel = channel(NEVER, NEVER);
    var frame = new JsonWriter();
    frame.beginFrame();
    frame.text("x".repeat(100_000));
    frame.endFrame();
    byte[] expected = Arrays.copyOf(frame.toByteArray(), frame.sizeBytes() + 1);
    expected[frame.sizeBytes()] = 9;
    ByteBuffer taken = ByteBuffer.allocate(expected.length);
    CompletableFuture<Integer> sent =
        start(() -> {
          channel.announce(frame);
          channel.send(ByteBuffer.wrap(new byte[] {9}));
          channel.flush();
          return 0;
        });

    while (taken.hasRemaining()) {
      client.read(taken);
    }

    assertThat(sent.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isZero();
    assertThat(taken.array()).isEqualTo(expected);
  }

  private static JsonWriter frame() {
    var frame = new JsonWriter();
    frame.beginFrame();
    frame.text("a reply");
    frame.endFrame();
    return frame;
  }

  @Test
  void whoTakesItSlowlyGetsAll() throws Exception {
    RemoteChannel channel = channel(NEVER, Duration.ofSeconds(10));
    CompletableFuture<Integer> sent =
        start(() -> {
          channel.send(large);
          return 0;
        });
    ByteBuffer taken = ByteBuffer.allocateDirect(1 << 20);
    long count = 0;
    while (count < large.capacity()) {
      taken.clear();
      count += client.read(taken);
    }

    assertThat(sent.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isZero();
  }

  @Test
  void aRegisteredClientMayBeSilentBetweenItsRequests() throws Exception {
    RemoteChannel channel = channel(LIMIT, LIMIT);
    CompletableFuture<Integer> length = start(channel::read);
    // Twice as long as anything owed would be waited for, seen on a channel that does owe.
    try (var server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (var other = SocketChannel.open(server.getLocalAddress());
          var owing = server.accept()) {
        other.write(ByteBuffer.wrap(new byte[1]));
        CompletableFuture<Integer> cut = start(channel(owing, LIMIT.multipliedBy(2), NEVER)::read);
        eventually(() -> assertThat(cut).isCompletedExceptionally());
      }
    }

    client.write(header(2));
    client.write(ByteBuffer.wrap("{}".getBytes(StandardCharsets.UTF_8)));

    assertThat(length.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(channel.body()).startsWith('{', '}');
  }

  private RemoteChannel channel(Duration receive, Duration send) {
    return channel(accepted, receive, send);
  }

  private RemoteChannel channel(SocketChannel socket, Duration receive, Duration send) {
    return new RemoteChannel(
        socket,
        new Polling(new AtomicInteger(), 1),
        deadlines,
        new RemoteChannel.Patience(receive, send),
        () -> registered);
  }

  private static ByteBuffer header(long length) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).flip();
  }

  private static CompletableFuture<Integer> start(Callable<Integer> work) {
    var result = new CompletableFuture<Integer>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            result.complete(work.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private static int result(Callable<Integer> work)
      throws ExecutionException, InterruptedException, TimeoutException {
    return start(work).get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
