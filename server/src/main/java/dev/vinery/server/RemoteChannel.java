package dev.vinery.server;

import dev.vinery.protocol.Frame;
import dev.vinery.protocol.JsonWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/// A TCP socket, served by a virtual thread.
///
/// Peers are slow, or gone without a word, so whenever something is owed by the peer a deadline
/// stands ([Deadlines]); a registered client that has nothing to ask may be silent for ever. What
/// has come is acknowledged before more of it is waited for: the official client sends a message in
/// two parts and waits with the second until the first is acknowledged, which the system would do
/// 40 ms later. The option lasts for a while only, so it is set again each time.
final class RemoteChannel implements Channel {
  /// How long to wait for a client.
  ///
  /// @param receive until it has registered, and until it goes on with a request or its bytes once
  ///   they have begun
  /// @param send until it takes more of the bytes that it has asked for
  record Patience(Duration receive, Duration send) {
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(30), Duration.ofMinutes(5));
  }

  /// Bytes that wait here to be looked at. Larger ones go directly to where they belong.
  private static final int BUFFER_BYTES = 4 << 10;

  /// Bytes of a body or reply above which its memory is not kept for the next one.
  private static final int KEEP_BYTES = 64 << 10;

  private static final int FIRST_BODY_BYTES = 512;

  private final SocketChannel socket;
  private final Polling polling;
  private final BooleanSupplier registered;
  private final Patience patience;
  private final long registerDeadline;
  private final byte[] input = new byte[BUFFER_BYTES];
  private int inputFrom;
  private int inputTo;
  private final FrameBody body = new FrameBody(FIRST_BODY_BYTES, KEEP_BYTES);
  private @Nullable CompletableFuture<Integer> readAhead;
  private @Nullable ByteBuffer announced;
  private final Deadlines.Deadline deadline;

  /// Takes over the socket.
  ///
  /// @param registered whether the client has registered
  RemoteChannel(
      SocketChannel socket,
      Polling polling,
      Deadlines deadlines,
      Patience patience,
      BooleanSupplier registered) {
    this.socket = socket;
    this.polling = polling;
    this.patience = patience;
    this.registered = registered;
    this.registerDeadline = System.nanoTime() + patience.receive().toNanos();
    this.deadline = deadlines.deadline(this::shutdown);
  }

  @Override
  public int read() throws IOException {
    while (inputTo - inputFrom < Frame.HEADER_BYTES) {
      if (!fill(inputTo > inputFrom)) {
        return -1;
      }
    }
    long length = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN).getLong(inputFrom);
    if (length < 0 || length > Frame.MAX_REQUEST_BYTES) {
      return -1;
    }
    inputFrom += Frame.HEADER_BYTES;
    body.begin();
    while (body.count() < length) {
      if (inputFrom == inputTo && !fill(true)) {
        return -1;
      }
      int some = (int) Math.min(length - body.count(), inputTo - inputFrom);
      int at = body.append(some, length);
      System.arraycopy(input, inputFrom, body.bytes(), at, some);
      inputFrom += some;
    }
    return body.count();
  }

  @Override
  public byte[] body() {
    return body.bytes();
  }

  @Override
  public void receive(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (inputFrom < inputTo) {
        int some = Math.min(into.remaining(), inputTo - inputFrom);
        into.put(input, inputFrom, some);
        inputFrom += some;
      } else if (into.remaining() < BUFFER_BYTES || readAhead != null) {
        if (!fill(true)) {
          throw gone();
        }
      } else if (receive(into, patience.receive()) < 0) {
        throw gone();
      }
    }
  }

  private static EOFException gone() {
    return new EOFException("the client has left");
  }

  /// Takes more bytes from the socket into the buffer, which has room.
  ///
  /// @param owed whether the peer has to go on, and may not just be silent
  /// @return false at the end of the stream
  private boolean fill(boolean owed) throws IOException {
    int count;
    if (readAhead != null) {
      begin(owed ? patience.receive() : null);
      count = finishReadAhead(readAhead);
      deadline.done();
    } else {
      if (inputFrom > 0) {
        System.arraycopy(input, inputFrom, input, 0, inputTo - inputFrom);
        inputTo -= inputFrom;
        inputFrom = 0;
      }
      ByteBuffer room = ByteBuffer.wrap(input, inputTo, BUFFER_BYTES - inputTo);
      count = receive(room, owed ? patience.receive() : null);
    }
    inputTo += Math.max(count, 0);
    return count >= 0;
  }

  /// @param limit how long the peer may take to go on; null if it need not
  private int receive(ByteBuffer into, @Nullable Duration limit) throws IOException {
    socket.configureBlocking(false);
    int count = socket.read(into);
    if (count == 0 && limit != null) {
      socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
      count = socket.read(into);
    }
    if (count == 0) {
      count = polling.look(() -> socket.read(into), 0);
    }
    if (count == 0) {
      begin(limit);
      socket.configureBlocking(true);
      count = socket.read(into);
      deadline.done();
    }
    return count;
  }

  @Override
  public void write(JsonWriter frame) throws IOException {
    int count = frame.sizeBytes();
    for (int sent = 0; sent < count; sent += KEEP_BYTES) {
      // In parts, because the system's own copy of what is on the heap is kept.
      send(ByteBuffer.wrap(frame.array(), sent, Math.min(count - sent, KEEP_BYTES)));
    }
    frame.reset(KEEP_BYTES);
  }

  /// A client that is woken by a reply and finds that the bytes are not there sleeps again.
  @Override
  public void announce(JsonWriter frame) throws IOException {
    if (frame.sizeBytes() <= KEEP_BYTES) {
      announced = ByteBuffer.wrap(frame.toByteArray());
      frame.reset(KEEP_BYTES);
    } else {
      write(frame);
    }
  }

  @Override
  public void send(ByteBuffer from) throws IOException {
    ByteBuffer before = announced;
    announced = null;
    send(before == null ? new ByteBuffer[] {from} : new ByteBuffer[] {before, from});
  }

  @Override
  public void flush() throws IOException {
    if (announced != null) {
      send(ByteBuffer.allocate(0));
    }
  }

  private void send(ByteBuffer[] parts) throws IOException {
    if (readAhead == null) { // else it is blocking already
      socket.configureBlocking(true);
    }
    while (parts[parts.length - 1].hasRemaining() || parts[0].hasRemaining()) {
      begin(patience.send());
      socket.write(parts); // returns when some of it could be sent
      deadline.done();
    }
  }

  @Override
  public void sendDescriptor(int descriptor) {
    throw new AssertionError("no descriptor can be sent to another host");
  }

  /// What to wait for is the peer's last byte, so reading goes on meanwhile, by another thread. A
  /// peer that sends more ahead than the buffer holds is not watched any more until it is answered.
  @Override
  public Bell bell() {
    return new RemoteBell();
  }

  private final class RemoteBell implements Bell {
    private final CompletableFuture<Boolean> rung = new CompletableFuture<>();

    @Override
    public void ring() {
      rung.complete(true);
    }

    @Override
    public boolean await() throws IOException {
      while (!rung.isDone() && (readAhead != null || inputTo < BUFFER_BYTES)) {
        CompletableFuture<Integer> reading = readAhead != null ? readAhead : startReadAhead();
        CompletableFuture.anyOf(rung, reading).join();
        if (reading.isDone()) {
          int count = finishReadAhead(reading);
          if (count < 0) {
            return false;
          }
          inputTo += count;
        }
      }
      return rung.join();
    }

    @Override
    public void close() {}
  }

  private CompletableFuture<Integer> startReadAhead() throws IOException {
    socket.configureBlocking(true);
    var count = new CompletableFuture<Integer>();
    ByteBuffer room = ByteBuffer.wrap(input, inputTo, BUFFER_BYTES - inputTo);
    Thread.ofVirtual()
        .start(() -> {
          try {
            count.complete(socket.read(room));
          } catch (IOException e) {
            count.complete(-1);
          }
        });
    readAhead = count;
    return count;
  }

  private int finishReadAhead(CompletableFuture<Integer> reading) {
    int count = reading.join();
    readAhead = null;
    return count;
  }

  /// @param limit how long the peer may take; null if it need not go on, once it has registered
  private void begin(@Nullable Duration limit) {
    if (limit != null) {
      deadline.begin(limit);
    } else if (!registered.getAsBoolean()) {
      deadline.beginUntil(registerDeadline);
    }
  }

  @Override
  public void shutdown() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    deadline.close();
    shutdown();
  }
}
