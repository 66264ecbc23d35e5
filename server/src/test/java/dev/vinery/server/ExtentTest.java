package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.Extension;
import dev.vinery.protocol.ExtentReply;
import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.Status;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Blobs that clients make by themselves, in memory lent to them.
final class ExtentTest {
  private static final long LIMIT_BYTES = 8 << 20;
  private static final int NO_EXTENT = 99;

  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(LIMIT_BYTES);

  private TestClient client;
  private TestClient other;

  @BeforeEach
  void connect() {
    client = daemon.client();
    other = daemon.client();
  }

  private ExtentReply.Leased lease(long sizeBytes) {
    return client.wire().call(new ExtentRequest.Lease(sizeBytes), ExtentReply.Leased.class);
  }

  /// Writes texts into an extent, each from the next multiple of 64 on, and puts them.
  private Reply put(ExtentReply.Leased extent, long offset, List<String> texts, String... trees) {
    MemorySegment memory = client.wire().bytes(extent.memory());
    long at = offset;
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, bytes.length);
      at += ExtentRequest.taken(bytes.length);
    }
    List<Long> sizes = texts.stream().map(text -> (long) text.length()).toList();
    List<Json> contents = Stream.of(trees).map(JsonText::parse).toList();
    var request = new ExtentRequest.Put(extent.extent(), offset, sizes, contents);
    return client.wire().call(request, Reply.class);
  }

  private static ExtentReply.Stored stored(Reply reply) {
    assertThat(reply).isInstanceOf(ExtentReply.Stored.class);
    return (ExtentReply.Stored) reply;
  }

  private static Status refused(Reply reply) {
    assertThat(reply).isInstanceOf(Reply.Failed.class);
    return ((Reply.Failed) reply).status();
  }

  private static String thing(String members) {
    return "{\"typename\":\"t\",\"instance_id\":0,\"nbytes\":0" + members + "}";
  }

  @Test
  void blobsAndTheirObjectAreThereAtOnce() {
    var extent = lease(4096);

    var stored =
        stored(
            put(
                extent,
                0,
                List.of("hello", "world"),
                thing(",\"a\":{\"vinery_blob\":1},\"b\":{\"vinery_blob\":0}")));

    assertThat(stored.blobs()).hasSize(2);
    ObjectId object = stored.objects().getFirst();
    Metadata found = other.metadata(object);
    assertThat(found.member("a").id()).isEqualTo(stored.blobs().get(1));
    assertThat(found.member("a").whole("length")).isEqualTo(5);
    assertThat(other.text(stored.blobs().get(0))).isEqualTo("hello");
    assertThat(other.text(stored.blobs().get(1))).isEqualTo("world");
    assertThat(client.usage()).isEqualTo(10);
    other.delete(object);
    assertThat(other.exists(stored.blobs().get(0))).isFalse();
  }

  @Test
  void anObjectCanBeAMemberOfOneBehindItInTheSameRequest() {
    var stored =
        stored(
            put(
                lease(4096),
                0,
                List.of("x"),
                thing(",\"bytes\":{\"vinery_blob\":0}"),
                thing(",\"first\":{\"vinery_object\":0},\"again\":{\"vinery_object\":0}")));

    Metadata outer = other.metadata(stored.objects().get(1));
    assertThat(outer.member("first").id()).isEqualTo(stored.objects().get(0));
    assertThat(outer.member("again").member("bytes").id()).isEqualTo(stored.blobs().getFirst());
  }

  @Test
  void objectsWithoutBlobsNeedNoExtent() {
    var request =
        new ExtentRequest.Put(NO_EXTENT, 0, List.of(), List.of(JsonText.parse(thing(""))));

    var stored = client.wire().call(request, ExtentReply.Stored.class);

    assertThat(other.sees(stored.objects().getFirst())).isTrue();
  }

  @Test
  void aRefusedPutChangesNothing() {
    var extent = lease(4096);

    Reply unknown = put(extent, 0, List.of("lost"), thing(",\"m\":{\"id\":\"o0000000000000001\"}"));
    Reply later = put(extent, 0, List.of("lost"), thing(",\"m\":{\"vinery_object\":0}"));
    Reply missing = put(extent, 0, List.of("lost"), thing(",\"m\":{\"vinery_blob\":1}"));
    assertThat(Stream.of(unknown, later, missing).map(ExtentTest::refused))
        .containsOnly(Status.META_TREE_SUBTREE_NOT_EXISTS);
    assertThat(client.usage()).isZero();

    var stored = stored(put(extent, 0, List.of("found")));
    assertThat(other.text(stored.blobs().getFirst())).isEqualTo("found");
  }

  @Test
  void blobsAreMadeOfTheFrontOfTheConnectionsOwnExtentOnly() {
    var extent = lease(4096);
    stored(put(extent, 0, List.of("a")));

    assertThat(refused(put(extent, 0, List.of("again")))).isEqualTo(Status.INVALID);
    assertThat(refused(put(extent, 128, List.of("ahead")))).isEqualTo(Status.INVALID);
    stored(put(extent, 64, List.of("b")));
    for (long sizeBytes : new long[] {0, 4096 - 128 + 1, Long.MAX_VALUE}) {
      var request = new ExtentRequest.Put(extent.extent(), 128, List.of(sizeBytes), List.of());
      assertThat(client.refused(request)).isEqualTo(Status.INVALID);
    }
    var stranger = new ExtentRequest.Put(extent.extent(), 128, List.of(1L), List.of());
    assertThat(other.refused(stranger)).isEqualTo(Status.OBJECT_NOT_FOUND);
  }

  @Test
  void whatIsLentCountsAgainstTheLimitUntilItIsReturned() {
    var extent = lease(64 << 10);
    stored(put(extent, 0, List.of("stays")));

    assertThat(other.refused(new BlobRequest.Create(LIMIT_BYTES - 5))).isEqualTo(Status.STORE_FULL);
    client.done(new ExtentRequest.Return(extent.extent()));

    Payload rest = other.create(LIMIT_BYTES - 5);
    assertThat(other.usage()).isEqualTo(LIMIT_BYTES);
    other.drop(rest.id());
    assertThat(client.refused(new ExtentRequest.Return(extent.extent())))
        .isEqualTo(Status.OBJECT_NOT_FOUND);
  }

  @Test
  void anExtentEndsWithItsConnectionAndWhatWasPutStays() {
    var extent = lease(64 << 10);
    ObjectId blob = stored(put(extent, 0, List.of("stays"))).blobs().getFirst();

    client.close();

    eventually(() -> other.drop(other.create(LIMIT_BYTES - 5).id()));
    assertThat(other.text(blob)).isEqualTo("stays");
  }

  @Test
  void aConnectionIsLentAPartOfTheRoomOnly() {
    assertThat(lease(Long.MAX_VALUE).memory().sizeBytes()).isEqualTo(LIMIT_BYTES / 64);

    Payload most = other.create(LIMIT_BYTES - (256 << 10));

    assertThat(client.refused(new ExtentRequest.Lease(4096))).isEqualTo(Status.STORE_FULL);
    other.drop(most.id());
    for (int i = 1; i < ExtentHandler.MAX_EXTENTS; i++) {
      lease(4096);
    }
    assertThat(client.refused(new ExtentRequest.Lease(4096))).isEqualTo(Status.STORE_FULL);
  }

  @Test
  void blobsComeAlongWithTheMetadataOfTheirObject() {
    ObjectId object =
        stored(put(lease(4096), 0, List.of("kept"), thing(",\"m\":{\"vinery_blob\":0}")))
            .objects()
            .getFirst();

    var found =
        other
            .wire()
            .call(
                new ObjectRequest.Get(List.of(object), false, false, true),
                ObjectReply.Found.class);

    assertThat(found.objects()).containsOnlyKeys(object);
    Payload payload = found.payloads().getFirst();
    client.delete(object);
    client.put("something else");
    assertThat(new String(other.read(payload), StandardCharsets.UTF_8)).isEqualTo("kept");
    assertThat(client.usage()).isEqualTo("kept".length() + "something else".length());
    other.release(payload.id());
    assertThat(client.usage()).isEqualTo("something else".length());
  }

  @Test
  void onlyWhoAsksIsToldThatThereAreExtents() {
    assertThat(daemon.stranger().wire().register().has("vinery_calls")).isFalse();

    var registered =
        daemon
            .stranger()
            .wire()
            .call(
                new SessionRequest.Register(
                    "0.24.2", SessionRequest.StoreType.NORMAL, 0, "", "", Set.of(Extension.CALLS)),
                SessionReply.Registered.class);

    assertThat(registered.extensions()).containsExactly(Extension.CALLS);
  }
}
