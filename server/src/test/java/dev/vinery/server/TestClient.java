package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ClusterReply;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.RemoteBlobRequest;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.Status;
import dev.vinery.testkit.WireClient;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// A client of a daemon under test: a [WireClient] with a word for what tests do all the time.
/// Whatever is not refused by the name of the method must succeed.
final class TestClient implements AutoCloseable {
  private final WireClient wire;
  private final boolean sharesMemory;

  private TestClient(WireClient wire, boolean sharesMemory) {
    this.wire = wire;
    this.sharesMemory = sharesMemory;
  }

  static TestClient connected(Path socket) {
    return new TestClient(WireClient.connect(socket), true);
  }

  static TestClient registered(Path socket) {
    return new TestClient(WireClient.registered(socket), true);
  }

  static TestClient connected(InetSocketAddress address) {
    return new TestClient(WireClient.connect(address), false);
  }

  static TestClient registered(InetSocketAddress address) {
    return new TestClient(WireClient.registered(address), false);
  }

  WireClient wire() {
    return wire;
  }

  @Override
  public void close() {
    wire.close();
  }

  /// Makes a request that is answered by nothing but "done".
  void done(Request request) {
    wire.call(request, Reply.Done.class);
  }

  /// Makes a request that must be refused, and returns the status.
  Status refused(Request request) {
    return wire.call(request, Reply.Failed.class).status();
  }

  /// Sends a text that must be refused, and returns the number of the status.
  int refused(String json) {
    Json.Fields reply = wire.call(json);
    assertThat(reply.values().keySet()).as("an error reply").containsOnly("code", "message");
    return (int) reply.whole("code");
  }

  Payload create(long sizeBytes) {
    return wire.call(new BlobRequest.Create(sizeBytes), BlobReply.Created.class).payload();
  }

  List<Payload> createMany(Long... sizesBytes) {
    return wire.call(new BlobRequest.CreateMany(List.of(sizesBytes)), BlobReply.CreatedMany.class)
        .payloads();
  }

  void seal(ObjectId id) {
    done(new BlobRequest.Seal(id));
  }

  /// Makes a sealed blob of these bytes.
  ObjectId put(byte[] bytes) {
    return sharesMemory ? putShared(bytes) : upload(bytes).id();
  }

  private ObjectId putShared(byte[] bytes) {
    Payload payload = create(bytes.length);
    write(payload, bytes);
    seal(payload.id());
    return payload.id();
  }

  ObjectId put(String text) {
    return put(text.getBytes(StandardCharsets.UTF_8));
  }

  void write(Payload payload, byte[] bytes) {
    MemorySegment.copy(bytes, 0, wire.bytes(payload), ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  List<Payload> get(ObjectId... ids) {
    return wire.call(new BlobRequest.Get(List.of(ids), false), BlobReply.Found.class).payloads();
  }

  /// Gets one blob, which must be there.
  Payload getOne(ObjectId id) {
    List<Payload> found = get(id);
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  boolean finds(ObjectId id) {
    return sharesMemory ? !get(id).isEmpty() : !download(id).isEmpty();
  }

  /// Makes a sealed blob of bytes that travel behind the request.
  Payload upload(byte[] bytes) {
    Payload payload = beginUpload(bytes.length);
    wire.send(bytes);
    Payload done = ((BlobReply.Created) wire.receiveReply()).payload();
    assertThat(done).isEqualTo(payload);
    return done;
  }

  /// Begins an upload, whose bytes are to be sent next.
  Payload beginUpload(long sizeBytes) {
    return wire.call(new RemoteBlobRequest.Upload(sizeBytes, false), BlobReply.Created.class)
        .payload();
  }

  /// The bytes of those blobs that are there, as they travel behind the reply.
  List<byte[]> download(ObjectId... ids) {
    return wire
        .call(new RemoteBlobRequest.Download(List.of(ids), false, false), BlobReply.Found.class)
        .payloads()
        .stream()
        .map(payload -> wire.receive((int) payload.sizeBytes()))
        .toList();
  }

  /// The bytes of a payload, as they are now.
  byte[] read(Payload payload) {
    return wire.bytes(payload).toArray(ValueLayout.JAVA_BYTE);
  }

  String text(ObjectId id) {
    byte[] bytes = sharesMemory ? read(getOne(id)) : download(id).getFirst();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  void release(ObjectId id) {
    done(new BlobRequest.Release(id));
  }

  void drop(ObjectId id) {
    done(new BlobRequest.Drop(id));
  }

  /// Deletes without force, with members.
  void delete(ObjectId... ids) {
    done(new ObjectRequest.Delete(List.of(ids), false, true, false, false, false));
  }

  ObjectReply.Identity createObject(Metadata tree) {
    return wire.call(new ObjectRequest.Create(tree.fields()), ObjectReply.Created.class).identity();
  }

  /// Makes an object of a tree written as JSON.
  ObjectId createObject(String tree) {
    return wire.call(new ObjectRequest.Create(JsonText.parse(tree)), ObjectReply.Created.class)
        .identity()
        .id();
  }

  /// Refuses to make an object of a tree written as JSON.
  Status refusesObject(String tree) {
    return refused(new ObjectRequest.Create(JsonText.parse(tree)));
  }

  ObjectReply.Found find(ObjectId... ids) {
    return wire.call(new ObjectRequest.Get(List.of(ids), false, false), ObjectReply.Found.class);
  }

  /// The metadata of one object or blob, which must be there.
  Metadata metadata(ObjectId id) {
    return Objects.requireNonNull(find(id).objects().get(id), () -> "no metadata of " + id);
  }

  boolean sees(ObjectId id) {
    return !find(id).objects().isEmpty();
  }

  boolean exists(ObjectId id) {
    return wire.call(new ObjectRequest.Exists(id), ObjectReply.Exists.class).exists();
  }

  ClusterReply.InstanceStatus status() {
    return wire.call(new ClusterRequest.InstanceStatus(), ClusterReply.InstanceStatus.class);
  }

  /// Bytes of all blobs in memory.
  long usage() {
    return status().memoryUsageBytes();
  }
}
