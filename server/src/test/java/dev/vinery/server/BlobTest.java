package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.posix.Descriptor;
import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class BlobTest {
  private static final long LIMIT_BYTES = 1 << 20;
  private static final ObjectId UNKNOWN = new ObjectId(Long.MIN_VALUE | 12345);

  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(LIMIT_BYTES);

  @Test
  void aBlobIsReservedWrittenSealedAndReadByOthers() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();

    ObjectId id = writer.put("hello");

    assertThat(reader.text(id)).isEqualTo("hello");
    assertThat(id.isBlob()).isTrue();
  }

  @Test
  void aPayloadSaysWhereTheBlobLies() {
    TestClient client = daemon.client();
    Payload created = client.create(100);

    assertThat(created.sizeBytes()).isEqualTo(100);
    assertThat(created.offset() % 64).isZero();
    assertThat(created.offset() + 100).isLessThanOrEqualTo(created.mapSizeBytes() - 8);
    assertThat(created.storeFd()).isPositive();
    assertThat(created.sealed()).isFalse();
    assertThat(created.owner()).isTrue();

    client.seal(created.id());
    Payload found = client.getOne(created.id());
    assertThat(found.sealed()).isTrue();
    assertThat(found.offset()).isEqualTo(created.offset());
    assertThat(found.sizeBytes()).isEqualTo(100);
  }

  @Test
  void repliesHavePayloadsBothNumberedAndInAnArray() {
    TestClient client = daemon.client();
    ObjectId id = client.put("x");

    Json.Fields reply =
        client.wire().call("{\"type\":\"get_buffers_request\",\"ids\":[" + text(id) + "]}");

    assertThat(reply.text("type")).isEqualTo("get_buffers_reply");
    assertThat(reply.whole("num")).isOne();
    assertThat(reply.get("0")).isEqualTo(reply.items("payloads").getFirst());
    assertThat(reply.fields("0").id("object_id")).isEqualTo(id);
    assertThat(reply.flag("compress")).isFalse();
    assertThat(reply.items("fds")).hasSize(1);
    Descriptor.close(client.wire().receiveDescriptor());
  }

  @Test
  void theNumberedFormOfARequestIsUnderstoodToo() {
    TestClient client = daemon.client();
    ObjectId a = client.put("a");
    ObjectId b = client.put("b");

    client.getOne(a); // so that no descriptor follows

    Json.Fields reply =
        client
            .wire()
            .call(
                "{\"type\":\"get_buffers_request\",\"num\":2,\"0\":%s,\"1\":%s,\"unsafe\":false}"
                    .formatted(text(b), text(a)));

    assertThat(reply.fields("0").id("object_id")).isEqualTo(b);
    assertThat(reply.fields("1").id("object_id")).isEqualTo(a);
  }

  @Test
  void payloadsComeInTheOrderOfTheRequestWithDuplicatesAndWithoutTheUnknown() {
    TestClient client = daemon.client();
    ObjectId a = client.put("a");
    ObjectId b = client.put("b");

    List<Payload> found = client.get(b, UNKNOWN, a, ObjectId.EMPTY_BLOB, b, new ObjectId(7));

    assertThat(found).extracting(Payload::id).containsExactly(b, a, ObjectId.EMPTY_BLOB, b);
    assertThat(client.get(UNKNOWN)).isEmpty();
    assertThat(client.get()).isEmpty();
  }

  @Test
  void oneUnsealedBlobRefusesTheWholeRequestUnlessItIsWanted() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    ObjectId sealed = writer.put("s");
    Payload unsealed = writer.create(5);

    assertThat(reader.refused(new BlobRequest.Get(List.of(sealed, unsealed.id()), false)))
        .isEqualTo(Status.OBJECT_NOT_SEALED);
    List<Payload> found =
        reader
            .wire()
            .call(new BlobRequest.Get(List.of(sealed, unsealed.id()), true), BlobReply.Found.class)
            .payloads();

    assertThat(found).extracting(Payload::sealed).containsExactly(true, false);
  }

  @Test
  void aRefusedReadHoldsNothing() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    ObjectId sealed = writer.put("s");
    Payload unsealed = writer.create(5);
    reader.refused(new BlobRequest.Get(List.of(sealed, unsealed.id()), false));

    writer.delete(sealed);

    assertThat(writer.usage()).isEqualTo(5);
  }

  @Test
  void sealingIsIdempotentAndDoneByAnybody() {
    TestClient writer = daemon.client();
    TestClient other = daemon.client();
    Payload payload = writer.create(3);

    other.seal(payload.id());
    writer.seal(payload.id());
    other.seal(payload.id());

    assertThat(other.getOne(payload.id()).sealed()).isTrue();
    assertThat(other.refused(new BlobRequest.Seal(UNKNOWN))).isEqualTo(Status.OBJECT_NOT_FOUND);
    assertThat(other.refused(new BlobRequest.Seal(new ObjectId(7))))
        .isEqualTo(Status.OBJECT_NOT_FOUND);
  }

  @Test
  void theEmptyBlobIsAlwaysThereAndNeverStored() {
    TestClient client = daemon.client();

    assertThat(client.create(0)).isEqualTo(Payload.EMPTY);
    assertThat(client.get(ObjectId.EMPTY_BLOB)).containsExactly(Payload.EMPTY);
    client.seal(ObjectId.EMPTY_BLOB);
    client.drop(ObjectId.EMPTY_BLOB);
    client.delete(ObjectId.EMPTY_BLOB);

    assertThat(client.exists(ObjectId.EMPTY_BLOB)).isTrue();
    assertThat(client.metadata(ObjectId.EMPTY_BLOB).whole("nbytes")).isZero();
    assertThat(client.usage()).isZero();
    assertThat(client.wire().keys()).isEmpty();
  }

  @Test
  void droppingTakesABlobAwayWhateverItsState() {
    TestClient client = daemon.client();
    ObjectId sealed = client.put("sealed");
    Payload unsealed = client.create(100);

    client.drop(sealed);
    client.drop(unsealed.id());

    assertThat(client.finds(sealed)).isFalse();
    assertThat(client.exists(unsealed.id())).isFalse();
    assertThat(client.usage()).isZero();
    assertThat(client.refused(new BlobRequest.Drop(sealed))).isEqualTo(Status.OBJECT_NOT_FOUND);
    client.drop(ObjectId.INVALID);
  }

  @Test
  void severalBlobsAreReservedAtOnce() {
    TestClient client = daemon.client();

    BlobReply.CreatedMany reply =
        client
            .wire()
            .call(
                new BlobRequest.CreateMany(List.of(10L, 20L, 0L, 30L)),
                BlobReply.CreatedMany.class);

    assertThat(reply.payloads()).extracting(Payload::sizeBytes).containsExactly(10L, 20L, 0L, 30L);
    assertThat(reply.payloads().get(2)).isEqualTo(Payload.EMPTY);
    assertThat(reply.descriptors()).hasSize(1);
    assertThat(client.usage()).isEqualTo(60);
    assertThat(client.createMany()).isEmpty();
  }

  @Test
  void severalBlobsAreReservedAllOrNone() {
    TestClient client = daemon.client();
    client.create(100);

    assertThat(client.refused(new BlobRequest.CreateMany(List.of(10L, 20L, LIMIT_BYTES, 30L))))
        .isEqualTo(Status.STORE_FULL);
    assertThat(
            client.refused(new BlobRequest.CreateMany(List.of(LIMIT_BYTES / 2, LIMIT_BYTES / 2))))
        .isEqualTo(Status.STORE_FULL);

    assertThat(client.usage()).isEqualTo(100);
    client.createMany(LIMIT_BYTES / 2, LIMIT_BYTES / 2 - 100);
    assertThat(client.usage()).isEqualTo(LIMIT_BYTES);
  }

  @Test
  void shrinkingGivesTheTailBackToTheByte() {
    TestClient client = daemon.client();
    Payload payload = client.create(LIMIT_BYTES);
    client.write(payload, "kept".getBytes(StandardCharsets.US_ASCII));

    client.done(new BlobRequest.Shrink(payload.id(), 4));
    client.seal(payload.id());

    assertThat(client.text(payload.id())).isEqualTo("kept");
    assertThat(client.usage()).isEqualTo(4);
    client.create(LIMIT_BYTES - 4);
    assertThat(client.refused(new BlobRequest.Create(1))).isEqualTo(Status.STORE_FULL);
    client.drop(payload.id());
    assertThat(client.usage()).isEqualTo(LIMIT_BYTES - 4);
  }

  @Test
  void aBlobMayShrinkToNothingAndIsStillABlob() {
    TestClient client = daemon.client();
    Payload payload = client.create(1000);

    client.done(new BlobRequest.Shrink(payload.id(), 1000));
    client.done(new BlobRequest.Shrink(payload.id(), 0));
    client.seal(payload.id());

    assertThat(client.usage()).isZero();
    assertThat(client.getOne(payload.id()).sizeBytes()).isZero();
    client.drop(payload.id());
    assertThat(client.usage()).isZero();
  }

  @Test
  void whatIsSealedOrUnknownOrSmallerDoesNotShrink() {
    TestClient client = daemon.client();
    ObjectId sealed = client.put("sealed");
    Payload payload = client.create(10);

    assertThat(client.refused(new BlobRequest.Shrink(sealed, 1))).isEqualTo(Status.OBJECT_SEALED);
    assertThat(client.refused(new BlobRequest.Shrink(UNKNOWN, 1)))
        .isEqualTo(Status.OBJECT_NOT_FOUND);
    assertThat(client.refused(new BlobRequest.Shrink(payload.id(), 11))).isEqualTo(Status.INVALID);
    assertThat(client.usage()).isEqualTo(16);
  }

  private static String text(ObjectId id) {
    return Long.toUnsignedString(id.value());
  }
}
