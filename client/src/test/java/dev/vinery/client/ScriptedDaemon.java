package dev.vinery.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.Codec;
import dev.vinery.protocol.Extension;
import dev.vinery.protocol.Frame;
import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import java.io.EOFException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A peer that does what a test says, right or wrong: it shows how the client takes what no good
/// daemon does, and in which order the client's requests arrive.
final class ScriptedDaemon implements AutoCloseable {
  /// What a good daemon says first.
  static final Turn WELCOME = welcome();

  private final int listener;
  private final Function<Request, Turn> script;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Integer> connections = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();

  /// What the script does about one request.
  sealed interface Turn {}

  /// Sends a reply, and these descriptors behind it.
  record Answer(Reply reply, List<Integer> descriptors) implements Turn {}

  /// Sends a reply, and these bytes behind it, one for each character.
  record AnswerAndBytes(Reply reply, String bytes) implements Turn {}

  /// Welcomes the bytes of a blob, takes them, and sends a reply.
  record TakeBytes(Payload blob, long count, Reply reply) implements Turn {}

  /// Sends bytes as they are, one for each character.
  record Raw(String bytes) implements Turn {}

  /// Closes the connection.
  record HangUp() implements Turn {}

  /// Does not answer.
  record Silence() implements Turn {}

  /// What a good daemon says first to a client of its host.
  ///
  /// @param allowed what it lets the client use beyond the common protocol
  static Turn welcome(Extension... allowed) {
    return answer(
        new SessionReply.Registered("0.24.2", "-", "h:1", 0, 0, true, true, Set.of(allowed)));
  }

  static Turn answer(Reply reply) {
    return new Answer(reply, List.of());
  }

  /// A frame with this body.
  static Turn frame(String body) {
    return new Raw(header(body.length()) + body);
  }

  static String header(long length) {
    var text = new StringBuilder();
    for (int i = 0; i < Frame.HEADER_BYTES; i++) {
      text.append((char) ((length >>> (Byte.SIZE * i)) & 0xff));
    }
    return text.toString();
  }

  /// Welcomes every client, lets it leave, and does what the script says about everything else.
  static ScriptedDaemon welcoming(Path socket, Function<Request, Turn> script)
      throws PosixException {
    return new ScriptedDaemon(
        socket,
        request ->
            switch (request) {
              case SessionRequest.Register _ -> WELCOME;
              case SessionRequest.Exit _ -> new HangUp();
              default -> script.apply(request);
            });
  }

  ScriptedDaemon(Path socket, Function<Request, Turn> script) throws PosixException {
    this.script = script;
    this.listener = UnixSocket.socket();
    UnixSocket.bind(listener, socket);
    UnixSocket.listen(listener, 10);
    start("scripted daemon", this::accept);
  }

  private void start(String name, Runnable work) {
    threads.add(Thread.ofPlatform().daemon().name(name).start(work));
  }

  /// The requests that have come, on whatever connection, without the first of each.
  List<Request> requests() {
    return requests.stream().filter(each -> !(each instanceof SessionRequest.Register)).toList();
  }

  /// How many clients are connected.
  int openConnections() {
    return open.get();
  }

  private void accept() {
    try {
      while (true) {
        int fd = UnixSocket.accept(listener);
        connections.add(fd);
        open.incrementAndGet();
        start("scripted connection", () -> serve(fd));
      }
    } catch (PosixException closed) {
      // The test is over.
    }
  }

  private void serve(int fd) {
    try (var arena = Arena.ofConfined()) {
      boolean going = true;
      while (going) {
        byte[] body = receiveFrame(fd, arena);
        Request request = Codec.readRequest(body, 0, body.length);
        requests.add(request);
        going =
            switch (script.apply(request)) {
              case Answer(var reply, var descriptors) -> {
                send(fd, encode(reply), arena);
                for (int descriptor : descriptors) {
                  UnixSocket.sendDescriptor(fd, descriptor);
                }
                yield true;
              }
              case AnswerAndBytes(var reply, var bytes) -> {
                send(fd, encode(reply), arena);
                send(fd, bytes.getBytes(ISO_8859_1), arena);
                yield true;
              }
              case TakeBytes(var blob, var count, var reply) -> {
                send(fd, encode(new BlobReply.Created(blob, Payload.NO_STORE_FD)), arena);
                receive(fd, count, arena);
                send(fd, encode(reply), arena);
                yield true;
              }
              case Raw(var bytes) -> {
                send(fd, bytes.getBytes(ISO_8859_1), arena);
                yield true;
              }
              case HangUp() -> false;
              case Silence() -> true;
            };
      }
    } catch (PosixException | EOFException gone) {
      // So has the client.
    } finally {
      open.decrementAndGet();
      shutDown(fd);
    }
  }

  private static byte[] receiveFrame(int fd, Arena arena) throws PosixException, EOFException {
    MemorySegment header = receive(fd, Frame.HEADER_BYTES, arena);
    long length = header.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
    return receive(fd, length, arena).toArray(ValueLayout.JAVA_BYTE);
  }

  private static MemorySegment receive(int fd, long count, Arena arena)
      throws PosixException, EOFException {
    MemorySegment buffer = arena.allocate(count);
    long have = 0;
    while (have < count) {
      int received = UnixSocket.receive(fd, buffer, have, count - have);
      if (received == 0) {
        throw new EOFException();
      }
      have += received;
    }
    return buffer;
  }

  private static byte[] encode(Reply reply) {
    var text = new JsonWriter();
    text.beginFrame();
    Codec.write(reply, text);
    text.endFrame();
    return text.toByteArray();
  }

  private static void send(int fd, byte[] bytes, Arena arena) throws PosixException {
    MemorySegment buffer = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    long sent = 0;
    while (sent < bytes.length) {
      sent += UnixSocket.send(fd, buffer, sent, bytes.length - sent);
    }
  }

  private static void shutDown(int fd) {
    try {
      UnixSocket.shutdown(fd);
    } catch (PosixException notConnected) {
      // That is what was wanted.
    }
  }

  /// Descriptors are closed when no thread uses them any more: their numbers are soon others'.
  @Override
  public void close() {
    shutDown(listener);
    join(threads.getFirst());
    connections.forEach(ScriptedDaemon::shutDown);
    threads.forEach(ScriptedDaemon::join);
    connections.forEach(Descriptor::close);
    Descriptor.close(listener);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError("a test was interrupted while its daemon ended", e);
    }
  }
}
