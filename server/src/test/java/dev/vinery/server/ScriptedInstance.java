package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.Codec;
import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.SessionReply;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// An instance that is none: it is registered, has one object of one blob, and does what a test
/// wants when it is asked for the blob, to one connection after the other.
final class ScriptedInstance implements AutoCloseable {
  static final long INSTANCE = 900;
  static final ObjectId OBJECT = ObjectId.parse("o0000000000000900");
  static final ObjectId BLOB = ObjectId.parse("o8000000000000900");

  private static final String SESSION = "vineyard/S0000000000000000";

  private final ServerSocket server;
  private final Thread thread;
  private final List<Behaviour> behaviours;
  private final CountDownLatch asked = new CountDownLatch(1);

  /// What it does with one connection.
  interface Behaviour {
    void serve(ScriptedInstance self, Socket client) throws IOException;
  }

  /// Registers the instance and its object.
  ///
  /// @param behaviours for the connections to come, the last for all further ones
  ScriptedInstance(MetadataStore store, Behaviour... behaviours) {
    try {
      this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    this.behaviours = List.of(behaviours);
    String own = SESSION + "/instances/i" + INSTANCE;
    store
        .commit(
            List.of(
                new Change.Put(own + "/hostid", "1"),
                new Change.Put(own + "/ipc_socket", "\"-\""),
                new Change.Put(
                    own + "/rpc_endpoint", "\"localhost:" + server.getLocalPort() + "\""),
                new Change.Put(
                    SESSION + "/data/" + OBJECT,
                    """
                    {"typename": "vleaf", "instance_id": 900, "signature": 7, "transient": false,
                     "buffer_": "l%s.vineyard::Blob@900"}\
                    """
                        .formatted(BLOB))))
        .toCompletableFuture()
        .join();
    this.thread = Thread.ofVirtual().name("scripted-instance").start(this::accept);
  }

  private void accept() {
    for (int i = 0; ; i++) {
      try (Socket client = server.accept()) {
        behaviours.get(Math.min(i, behaviours.size() - 1)).serve(this, client);
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }

  /// Answers a registration and a request for the blob.
  ///
  /// @param instanceId who it says that it is
  /// @param sizeBytes how long it says that the blob is
  void answer(Socket client, long instanceId, long sizeBytes) throws IOException {
    takeFrame(client.getInputStream());
    send(
        client.getOutputStream(),
        new SessionReply.Registered("0.24.2", "-", "0.0.0.0:0", instanceId, 0, true, true));
    takeFrame(client.getInputStream());
    Payload payload = new Payload(BLOB, 3, 0, sizeBytes, sizeBytes + 8, 0, true, true);
    send(client.getOutputStream(), new BlobReply.Found(List.of(payload), List.of()));
    asked.countDown();
  }

  /// Waits until the blob has been asked for.
  void awaitAsked() throws InterruptedException {
    asked.await();
  }

  private static void takeFrame(InputStream in) throws IOException {
    var data = new DataInputStream(in);
    long length = Long.reverseBytes(data.readLong());
    data.skipNBytes(length);
  }

  private static void send(OutputStream out, Reply reply) throws IOException {
    var frame = new JsonWriter();
    frame.beginFrame();
    Codec.write(reply, frame);
    frame.endFrame();
    out.write(frame.array(), 0, frame.sizeBytes());
  }

  @Override
  public void close() {
    try {
      server.close();
      thread.join();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
