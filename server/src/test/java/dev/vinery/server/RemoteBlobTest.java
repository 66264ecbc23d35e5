package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobCompressor;
import dev.vinery.protocol.BlobDecompressor;
import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.RemoteBlobRequest;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.SpillReply;
import dev.vinery.protocol.SpillRequest;
import dev.vinery.protocol.Status;
import dev.vinery.testkit.Eventually;
import dev.vinery.testkit.SeededTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Blobs whose bytes travel over the socket, whichever it is.
@ParameterizedClass
@EnumSource
final class RemoteBlobTest {
  private static final int LIMIT_BYTES = 16 << 20;

  @RegisterExtension private final DaemonUnderTest daemon;

  RemoteBlobTest(Door door) {
    daemon = DaemonUnderTest.withMemory(LIMIT_BYTES).through(door);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 4095, 4096, 4097, (1 << 20) - 1, 1 << 20, (3 << 20) + 5})
  void whatIsUploadedIsDownloadedAndReadInSharedMemory(int sizeBytes) throws IOException {
    TestClient client = daemon.client();
    byte[] bytes = noise(sizeBytes);

    ObjectId id = client.upload(bytes).id();

    assertThat(client.download(id)).containsExactly(bytes);
    TestClient neighbour = daemon.localClient();
    assertThat(neighbour.read(neighbour.getOne(id))).isEqualTo(bytes);
    assertThat(downloadCompressed(client, id)).containsExactly(bytes);
    assertThat(client.usage()).isEqualTo(sizeBytes);
  }

  @Test
  void severalTravelBackToBackAndEmptyOnesNotAtAll() {
    TestClient client = daemon.client();
    List<Payload> first =
        client
            .wire()
            .call(
                new RemoteBlobRequest.UploadMany(List.of(3L, 0L, 2L), false),
                BlobReply.CreatedMany.class)
            .payloads();
    client.wire().send(new byte[] {1, 2, 3, 4, 5});
    var second = (BlobReply.CreatedMany) client.wire().receiveReply();

    assertThat(second.payloads()).isEqualTo(first);
    assertThat(second.descriptors()).isEmpty();
    assertThat(first.get(0).sealed()).isTrue();
    assertThat(first.get(1)).isEqualTo(Payload.EMPTY);
    assertThat(client.download(first.get(2).id(), ObjectId.EMPTY_BLOB, first.get(0).id()))
        .containsExactly(new byte[] {4, 5}, new byte[] {}, new byte[] {1, 2, 3});
  }

  @Test
  void anUploadOfNothingIsAnsweredTwiceAsWell() {
    TestClient client = daemon.client();

    assertThat(client.upload(new byte[0])).isEqualTo(Payload.EMPTY);
    client.wire().send(new RemoteBlobRequest.UploadMany(List.of(), false));
    assertThat(client.wire().receiveReply()).isInstanceOf(BlobReply.CreatedMany.class);
    assertThat(client.wire().receiveReply()).isInstanceOf(BlobReply.CreatedMany.class);
    assertThat(client.download()).isEmpty();
    assertThat(client.wire().silent()).isTrue();
  }

  @Test
  void compressedUploadsAreExpanded() throws IOException {
    TestClient client = daemon.client();
    byte[] one = new byte[3 << 20];
    Arrays.fill(one, (byte) 7);
    byte[] two = noise(200_000);

    client
        .wire()
        .send(
            new RemoteBlobRequest.UploadMany(List.of((long) one.length, (long) two.length), true));
    var go = (BlobReply.CreatedMany) client.wire().receiveReply();
    client.wire().send(compressed(one, two));
    client.wire().receiveReply();

    ObjectId firstId = go.payloads().getFirst().id();
    ObjectId secondId = go.payloads().getLast().id();
    assertThat(client.download(firstId, secondId)).containsExactly(one, two);
    assertThat(downloadCompressed(client, secondId, firstId)).containsExactly(two, one);
  }

  @Test
  void unknownBlobsAreLeftOut() {
    TestClient client = daemon.client();
    ObjectId id = client.upload(new byte[] {1}).id();

    assertThat(client.download(new ObjectId(id.value() + 1), id)).containsExactly(new byte[] {1});
  }

  @Test
  void aBlobIsSeenWhenItsLastByteHasCome() {
    TestClient neighbour = daemon.localClient();
    TestClient client = daemon.client();
    Payload payload = client.beginUpload(2);
    ObjectId id = payload.id();
    client.wire().send(new byte[] {1});

    assertThat(neighbour.exists(id)).isFalse();
    assertThat(neighbour.finds(id)).isFalse();
    assertThat(
            neighbour
                .wire()
                .call(new BlobRequest.Get(List.of(id), true), BlobReply.Found.class)
                .payloads())
        .isEmpty();
    assertThat(neighbour.refused(new BlobRequest.Seal(id))).isEqualTo(Status.OBJECT_NOT_FOUND);
    assertThat(neighbour.usage()).isEqualTo(2);
    client.wire().send(new byte[] {2});
    client.wire().receiveReply();

    assertThat(neighbour.read(neighbour.getOne(id))).containsExactly(1, 2);
  }

  @Test
  void whatDoesNotFitIsRefusedAndTheConnectionGoesOn() {
    TestClient client = daemon.client();

    for (Request tooMuch :
        List.of(
            new RemoteBlobRequest.Upload(LIMIT_BYTES + 1, false),
            new RemoteBlobRequest.Upload(Long.MAX_VALUE, true),
            new RemoteBlobRequest.UploadMany(List.of(1L, 2L, (long) LIMIT_BYTES), false),
            new RemoteBlobRequest.UploadMany(List.of(Long.MAX_VALUE, Long.MAX_VALUE), false))) {
      assertThat(client.refused(tooMuch)).isEqualTo(Status.STORE_FULL);
    }

    assertThat(client.usage()).isZero();
    assertThat(client.upload(new byte[LIMIT_BYTES]).sizeBytes()).isEqualTo(LIMIT_BYTES);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anUploadThatStopsHalfWayLeavesNothing(boolean compressed) throws IOException {
    TestClient neighbour = daemon.client();
    TestClient client = daemon.client();
    byte[] bytes = noise(1 << 20);
    client
        .wire()
        .call(
            new RemoteBlobRequest.UploadMany(List.of(1L << 20, 1L << 20), compressed),
            BlobReply.CreatedMany.class);
    byte[] all = compressed ? compressed(bytes, bytes) : noise(2 << 20);
    client.wire().send(Arrays.copyOf(all, all.length * 3 / 4));
    assertThat(neighbour.usage()).isEqualTo(2 << 20);

    client.close();

    eventually(() -> assertThat(neighbour.usage()).isZero());
    neighbour.upload(new byte[LIMIT_BYTES]);
  }

  static List<byte[]> notChunks() {
    byte[] zero = new byte[8];
    byte[] tooLong = {8, 2, 2, 0, 0, 0, 0, 0};
    byte[] negative = {-1, -1, -1, -1, -1, -1, -1, -1};
    byte[] garbage = {4, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4};
    byte[] moreThanTheBlob = compressed(new byte[1000]);
    return List.of(zero, tooLong, negative, garbage, moreThanTheBlob);
  }

  @ParameterizedTest
  @MethodSource("notChunks")
  void bytesThatAreNoChunksEndTheConnectionAndLeaveNothing(byte[] bytes) {
    TestClient neighbour = daemon.client();
    TestClient client = daemon.client();
    client
        .wire()
        .call(
            new RemoteBlobRequest.UploadMany(List.of(999L, 5L), true), BlobReply.CreatedMany.class);

    client.wire().send(bytes);

    assertThat(((Reply.Failed) client.wire().receiveReply()).status()).isEqualTo(Status.INVALID);
    assertThat(client.wire().closedByPeer(Eventually.PATIENCE)).isTrue();
    eventually(() -> assertThat(neighbour.usage()).isZero());
  }

  @Test
  void anIdThatSomebodyTookMeanwhileRefusesTheUpload() {
    TestClient neighbour = daemon.localClient();
    TestClient client = daemon.client();
    var source =
        neighbour.wire().call(new SessionRequest.Open(StoreType.NORMAL), SessionReply.Opened.class);
    TestClient other = daemon.client(source.socket());
    ObjectId lent = other.put("lent");
    long session = other.wire().register().whole("session_id");
    Payload payload = client.beginUpload(3);

    neighbour.done(
        new SessionRequest.MoveBuffers(
            session, Map.of(lent, payload.id()), Map.of(), Map.of(), Map.of()));
    client.wire().send(new byte[] {1, 2, 3});

    assertThat(((Reply.Failed) client.wire().receiveReply()).status())
        .isEqualTo(Status.OBJECT_EXISTS);
    assertThat(client.text(payload.id())).isEqualTo("lent");
    assertThat(client.usage()).isEqualTo(4);
  }

  @Test
  void aBlobUnderDownloadSurvivesItsDeletionUntilItIsDone() {
    TestClient neighbour = daemon.localClient();
    TestClient client = daemon.client();
    byte[] bytes = noise(12 << 20);
    ObjectId id = client.upload(bytes).id();
    client.wire().send(new RemoteBlobRequest.Download(List.of(id), false, false));
    var reply = (BlobReply.Found) client.wire().receiveReply();
    assertThat(isInUse(neighbour, id)).isTrue();

    neighbour.delete(id);

    assertThat(neighbour.exists(id)).isFalse();
    assertThat(neighbour.usage()).isEqualTo(bytes.length);
    assertThat(neighbour.refused(new BlobRequest.Create(LIMIT_BYTES / 2)))
        .isEqualTo(Status.STORE_FULL);
    assertThat(client.wire().receive((int) reply.payloads().getFirst().sizeBytes()))
        .isEqualTo(bytes);
    eventually(() -> assertThat(neighbour.usage()).isZero());
  }

  @Test
  void whoLeavesInTheMiddleOfADownloadLetsGo() {
    TestClient neighbour = daemon.localClient();
    TestClient client = daemon.client();
    ObjectId id = client.upload(noise(12 << 20)).id();
    client.wire().send(new RemoteBlobRequest.Download(List.of(id), false, true));
    client.wire().receiveReply();
    neighbour.delete(id);

    client.close();

    eventually(() -> assertThat(neighbour.usage()).isZero());
  }

  @Test
  void afterTheTransferNobodyHoldsTheBlob() {
    TestClient client = daemon.client();
    ObjectId id = client.upload(new byte[] {1, 2}).id();
    assertThat(isInUse(client, id)).isFalse();

    client.download(id);

    eventually(() -> assertThat(isInUse(client, id)).isFalse());
    assertThat(client.refused(new BlobRequest.Release(id))).isEqualTo(Status.KEY_ERROR);
    client.delete(id);
    assertThat(client.usage()).isZero();
  }

  @Test
  void anUnsealedBlobIsSentOnDemandOnly() {
    TestClient writer = daemon.localClient();
    TestClient client = daemon.client();
    Payload payload = writer.create(2);
    writer.write(payload, new byte[] {1, 2});
    var sealedOnly = new RemoteBlobRequest.Download(List.of(payload.id()), false, false);

    assertThat(client.refused(sealedOnly)).isEqualTo(Status.KEY_ERROR);
    client.wire().send(new RemoteBlobRequest.Download(List.of(payload.id()), true, false));

    var found = (BlobReply.Found) client.wire().receiveReply();
    assertThat(found.payloads()).hasSize(1);
    assertThat(client.wire().receive(2)).containsExactly(1, 2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void blobsInFilesOfTheirOwnAreSentToo(boolean compressed) throws IOException {
    TestClient writer = daemon.localClient();
    TestClient client = daemon.client();
    byte[] bytes = noise((2 << 20) + 77);
    Payload onDisk =
        writer
            .wire()
            .call(
                new BlobRequest.CreateOnDisk(bytes.length, daemon.file("blob").toString()),
                BlobReply.CreatedOnDisk.class)
            .payload();
    writer.write(onDisk, bytes);
    writer.seal(onDisk.id());
    ObjectId small = client.upload(new byte[] {5}).id();

    List<byte[]> got =
        compressed
            ? downloadCompressed(client, small, onDisk.id(), small)
            : client.download(small, onDisk.id(), small);

    assertThat(got).containsExactly(new byte[] {5}, bytes, new byte[] {5});
  }

  @Test
  void requestsSentAheadWaitForTheEndOfTheTransfer() {
    TestClient client = daemon.client();
    byte[] bytes = noise(300_000);
    Payload payload = client.beginUpload(bytes.length);

    client.wire().send(bytes);
    client.wire().send(new RemoteBlobRequest.Download(List.of(payload.id()), false, false));
    client.wire().send(new BlobRequest.Drop(payload.id()));

    client.wire().receiveReply();
    client.wire().receiveReply();
    assertThat(client.wire().receive(bytes.length)).isEqualTo(bytes);
    assertThat(client.wire().receiveReply()).isEqualTo(Reply.Done.DROP_BUFFER);
  }

  @Test
  void bytesBypassingTheSocketAreRefused() {
    TestClient client = daemon.client();

    assertThat(
            client.refused(
                "{\"type\":\"create_remote_buffer_request\",\"size\":1,\"use_rdma\":true}"))
        .isEqualTo(6);
    assertThat(client.upload(new byte[] {1}).sizeBytes()).isOne();
  }

  @SeededTest(runs = 20)
  void manyBlobsInManyPiecesAreWhatTheyWere(RandomGenerator random) throws IOException {
    TestClient client = daemon.client();
    List<byte[]> blobs = new ArrayList<>();
    for (int i = random.nextInt(1, 8); i > 0; i--) {
      byte[] bytes = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(400_000)];
      if (random.nextBoolean()) {
        random.nextBytes(bytes);
      }
      blobs.add(bytes);
    }
    boolean compressed = random.nextBoolean();
    List<Long> sizes = blobs.stream().map(bytes -> (long) bytes.length).toList();

    var go =
        client
            .wire()
            .call(new RemoteBlobRequest.UploadMany(sizes, compressed), BlobReply.CreatedMany.class);
    byte[] all = compressed ? compressed(blobs.toArray(byte[][]::new)) : joined(blobs);
    for (int sent = 0; sent < all.length; ) {
      int some = Math.min(all.length - sent, random.nextInt(1, 200_000));
      client.wire().send(Arrays.copyOfRange(all, sent, sent + some));
      sent += some;
    }
    client.wire().receiveReply();

    ObjectId[] ids = go.payloads().stream().map(Payload::id).toArray(ObjectId[]::new);
    assertThat(client.download(ids)).containsExactlyElementsOf(blobs);
    assertThat(downloadCompressed(client, ids)).containsExactlyElementsOf(blobs);
    client.delete(ids);
    assertThat(client.usage()).isZero();
    client.close();
  }

  private static boolean isInUse(TestClient client, ObjectId id) {
    return client.wire().call(new SpillRequest.IsInUse(id), SpillReply.IsInUse.class).inUse();
  }

  private static byte[] noise(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private static byte[] joined(List<byte[]> blobs) {
    var all = new ByteArrayOutputStream();
    blobs.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static byte[] compressed(byte[]... blobs) {
    var sent = new ByteArrayOutputStream();
    try (var arena = Arena.ofConfined();
        var compressor = new BlobCompressor()) {
      for (byte[] blob : blobs) {
        MemorySegment bytes = arena.allocate(blob.length);
        bytes.copyFrom(MemorySegment.ofArray(blob));
        compressor.compress(
            bytes,
            chunk -> {
              byte[] taken = new byte[chunk.remaining()];
              chunk.get(taken);
              sent.write(taken);
            });
      }
    } catch (IOException e) {
      throw new AssertionError("nothing is written to but memory", e);
    }
    return sent.toByteArray();
  }

  private static List<byte[]> downloadCompressed(TestClient client, ObjectId... ids)
      throws IOException {
    client.wire().send(new RemoteBlobRequest.Download(List.of(ids), false, true));
    var reply = (BlobReply.Found) client.wire().receiveReply();
    assertThat(reply.compressed()).isTrue();
    List<byte[]> blobs = new ArrayList<>();
    try (var arena = Arena.ofConfined();
        var decompressor = new BlobDecompressor()) {
      for (Payload payload : reply.payloads()) {
        MemorySegment bytes = arena.allocate(payload.sizeBytes());
        decompressor.decompress(into -> into.put(client.wire().receive(into.remaining())), bytes);
        blobs.add(bytes.toArray(ValueLayout.JAVA_BYTE));
      }
    }
    return blobs;
  }
}
