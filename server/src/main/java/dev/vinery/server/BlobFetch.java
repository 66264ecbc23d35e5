package dev.vinery.server;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.RemoteBlobRequest;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/// Some blobs of another instance, taken all at once.
///
/// Registering and asking travel together, so it costs two round trips, one of them for the
/// connection. While bytes are sent the other side keeps the blobs, whoever deletes them. Confined
/// to one thread, which waits.
final class BlobFetch implements AutoCloseable {
  /// How often to knock at an instance that refuses: one that has just joined may not listen yet.
  private static final int MAX_ATTEMPTS = 10;

  private static final Duration ATTEMPT_PAUSE = Duration.ofMillis(200);

  /// The port of an endpoint that names none.
  private static final int DEFAULT_PORT = 9600;

  private final long instanceId;
  private final String name;
  private final InstanceLink link;
  private final boolean compressed;

  private BlobFetch(long instanceId, String name, InstanceLink link, boolean compressed) {
    this.instanceId = instanceId;
    this.name = name;
    this.link = link;
    this.compressed = compressed;
  }

  /// Connects to an instance.
  ///
  /// @param endpoint `host:port`, as the instance has published it
  /// @param compression whether the bytes travel compressed if they come from another host
  /// @throws ConnectionException if it cannot be reached
  static BlobFetch connect(
      long instanceId, String endpoint, boolean compression, Deadlines deadlines)
      throws InterruptedException {
    String name = "instance " + Long.toUnsignedString(instanceId);
    InstanceLink link = knock(name, address(name, endpoint), deadlines);
    try {
      return new BlobFetch(instanceId, name, link, compression && !link.withinHost());
    } catch (ConnectionException lost) {
      link.close();
      throw lost;
    }
  }

  private static InstanceLink knock(String name, InetSocketAddress address, Deadlines deadlines)
      throws InterruptedException {
    for (int attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        return InstanceLink.connect(name, address, deadlines);
      } catch (ConnectionException refused) {
        Thread.sleep(ATTEMPT_PAUSE);
      }
    }
    return InstanceLink.connect(name, address, deadlines);
  }

  private static InetSocketAddress address(String name, String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    try {
      return colon < 0
          ? new InetSocketAddress(endpoint, DEFAULT_PORT)
          : new InetSocketAddress(
              endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1)));
    } catch (IllegalArgumentException noPort) {
      throw new ConnectionException(
          Status.CONNECTION_FAILED, name + " says that it is reached at '" + endpoint + "'");
    }
  }

  /// Asks for blobs. Their bytes follow, and are to be taken next.
  ///
  /// @param ids distinct, ascending, without the empty blob
  /// @return the blobs in the order in which their bytes come
  /// @throws ObjectNotFoundException if one is not there any more
  /// @throws ConnectionException if the connection is lost, or this is another instance
  List<Payload> ask(List<ObjectId> ids) {
    link.send(
        new SessionRequest.Register(
            SessionHandler.PROTOCOL_VERSION, StoreType.NORMAL, Session.ROOT, "", ""));
    link.send(new RemoteBlobRequest.Download(ids, false, compressed));
    long answering = link.reply(SessionReply.Registered.class).instanceId();
    if (answering != instanceId) {
      throw new ConnectionException(
          Status.CONNECTION_FAILED,
          "instance %s answers where %s should be"
              .formatted(Long.toUnsignedString(answering), name));
    }
    List<Payload> payloads = link.reply(BlobReply.Found.class).payloads();
    var missing = new HashSet<>(ids);
    for (Payload payload : payloads) {
      if (!missing.remove(payload.id())) {
        throw link.lost(new ProtocolException("it sends what was not asked for"));
      }
    }
    if (!missing.isEmpty()) {
      throw new ObjectNotFoundException(
          "%s has lost %d of %d blobs, %s among them"
              .formatted(name, missing.size(), ids.size(), missing.iterator().next()));
    }
    return payloads;
  }

  /// Takes the bytes of the blobs asked for. Without the store lock.
  ///
  /// @throws ConnectionException if the connection is lost before the last one
  void receive(BlobBytes into) {
    try {
      into.receive(link::receive, compressed);
    } catch (IOException | ProtocolException e) {
      throw link.lost(e);
    }
  }

  @Override
  public void close() {
    link.close();
  }
}
