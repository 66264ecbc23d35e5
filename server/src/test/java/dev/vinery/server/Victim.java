package dev.vinery.server;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ExtentReply;
import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.RemoteBlobRequest;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.SlabReply;
import dev.vinery.protocol.SlabRequest;
import dev.vinery.protocol.StreamReply;
import dev.vinery.protocol.StreamRequest;
import dev.vinery.testkit.WireClient;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/// A client process that gets into some state, says so by a line, and then is there to be killed.
///
/// Arguments: the socket, the name of a [State], the id of a blob to read, and the TCP port.
final class Victim {
  /// What the process is in the middle of.
  enum State {
    IDLE,
    FRAME,
    LARGE_FRAME,
    REPLY,
    WAIT,
    WRITING,
    EXTENT,
    HOLDING,
    SLAB,
    DISK,
    CALLS,
    STREAM_WRITING,
    STREAM_PULLING,
    TCP_FRAME,
    TCP_WAIT,
    TCP_UPLOAD,
    TCP_DOWNLOAD
  }

  static final ObjectId STREAM = new ObjectId(12345);

  private Victim() {}

  public static void main(String[] args) throws InterruptedException {
    State state = State.valueOf(args[1]);
    WireClient client =
        state.name().startsWith("TCP")
            ? WireClient.registered(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[3])))
            : WireClient.registered(Path.of(args[0]));
    ObjectId id = ObjectId.parse(args[2]);
    switch (state) {
      case IDLE -> {}
      case FRAME, TCP_FRAME -> client.send(new byte[] {50, 0, 0, 0, 0, 0, 0, 0, '{', '"'});
      case LARGE_FRAME -> {
        client.sendLength(100 << 20);
        client.send(new byte[10 << 20]);
      }
      case REPLY ->
          // More than the socket takes, so the daemon is stuck in the middle of its reply.
          client.send(new BlobRequest.Get(Collections.nCopies(20_000, id), false));
      case WAIT, TCP_WAIT -> client.send(new NameRequest.Get("never", true));
      case WRITING -> {
        var blob = client.call(new BlobRequest.Create(1 << 18), BlobReply.Created.class);
        writeForever(client, blob.payload());
      }
      case EXTENT -> {
        var extent = client.call(new ExtentRequest.Lease(1 << 15), ExtentReply.Leased.class);
        writeForever(client, extent.memory());
      }
      case HOLDING -> client.call(new BlobRequest.Get(List.of(id), false), BlobReply.Found.class);
      case SLAB -> client.call(new SlabRequest.Make(1 << 20), SlabReply.Made.class);
      case DISK ->
          client.call(new BlobRequest.CreateOnDisk(1 << 20, ""), BlobReply.CreatedOnDisk.class);
      case CALLS -> callForever(client);
      case STREAM_WRITING -> {
        client.call(new StreamRequest.Create(STREAM), Reply.Done.class);
        client.call(new StreamRequest.Open(STREAM, false, true), Reply.Done.class);
        client.call(new StreamRequest.Reserve(STREAM, 1 << 18), StreamReply.Reserved.class);
      }
      case STREAM_PULLING -> {
        client.call(new StreamRequest.Create(STREAM), Reply.Done.class);
        client.send(new StreamRequest.Pull(STREAM));
      }
      case TCP_UPLOAD -> {
        client.call(
            new RemoteBlobRequest.UploadMany(List.of(1L << 20, 1L << 20), false),
            BlobReply.CreatedMany.class);
        client.send(new byte[3 << 19]);
      }
      case TCP_DOWNLOAD ->
          client.send(new RemoteBlobRequest.Download(Collections.nCopies(20_000, id), false, true));
    }
    ready();
    Thread.currentThread().join(); // for ever
  }

  private static void ready() {
    System.out.println("ready");
  }

  private static void writeForever(WireClient client, Payload payload) {
    MemorySegment bytes = client.bytes(payload);
    for (byte value = 0; ; value++) {
      bytes.fill(value);
      if (value == 100) {
        ready();
      }
    }
  }

  private static void callForever(WireClient client) {
    byte[] create =
        "{\"type\":\"create_buffer_request\",\"size\":100}".getBytes(StandardCharsets.UTF_8);
    client.call(new BlobRequest.Create(1), BlobReply.Created.class);
    for (int i = 0; ; i++) {
      client.exchange(create);
      if (i == 100) {
        ready();
      }
    }
  }
}
