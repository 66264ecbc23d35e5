package dev.vinery.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server of one client: it keeps what the client says, and answers with given texts. The last
/// text is the answer to all further requests. It sends every frame in small pieces.
final class ScriptedServer implements AutoCloseable {
  private static final int PIECE_BYTES = 5;
  private static final int BUFFER_BYTES = 64 << 10;

  private final Path socket;
  private final int listener;
  private final List<String> replies;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> ended;

  ScriptedServer(Path socket, String... replies) throws PosixException {
    this.socket = socket;
    this.replies = List.of(replies);
    this.listener = UnixSocket.socket();
    UnixSocket.bind(listener, socket);
    UnixSocket.listen(listener, 1);
    this.ended = CompletableFuture.runAsync(this::serve);
  }

  Path socket() {
    return socket;
  }

  /// What the client has asked, without headers.
  List<String> requests() {
    return requests;
  }

  private void serve() {
    try (var arena = Arena.ofConfined()) {
      int client = UnixSocket.accept(listener);
      try {
        answer(client, arena.allocate(BUFFER_BYTES, Long.BYTES));
      } finally {
        Descriptor.close(client);
      }
    } catch (PosixException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(int client, MemorySegment buffer) throws PosixException {
    while (EchoServer.receive(client, buffer, 0, Long.BYTES, EchoServer.Waiting.SLEEPING)) {
      long length = buffer.get(JAVA_LONG, 0);
      EchoServer.receive(client, buffer, 0, length, EchoServer.Waiting.SLEEPING);
      byte[] text = buffer.asSlice(0, length).toArray(JAVA_BYTE);
      requests.add(new String(text, StandardCharsets.UTF_8));
      send(client, buffer, replies.get(Math.min(requests.size(), replies.size()) - 1));
    }
  }

  private static void send(int client, MemorySegment buffer, String reply) throws PosixException {
    byte[] text = reply.getBytes(StandardCharsets.UTF_8);
    buffer.set(JAVA_LONG, 0, text.length);
    MemorySegment.copy(text, 0, buffer, JAVA_BYTE, Long.BYTES, text.length);
    int total = Long.BYTES + text.length;
    for (int sent = 0; sent < total; ) {
      sent += UnixSocket.send(client, buffer, sent, Math.min(PIECE_BYTES, total - sent));
    }
  }

  /// Waits for the client to leave.
  void awaitEnd() {
    ended.handle((_, _) -> null).join(); // that it left in the middle of a reply is no matter
  }

  @Override
  public void close() throws PosixException {
    UnixSocket.shutdown(listener);
    awaitEnd();
    Descriptor.close(listener);
  }
}
