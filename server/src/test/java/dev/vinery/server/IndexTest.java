package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.Extension;
import dev.vinery.protocol.IndexEntry;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.PinTable;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SharedIndex;
import dev.vinery.protocol.SpillReply;
import dev.vinery.protocol.SpillRequest;
import dev.vinery.protocol.Status;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a client finds in the index without asking, and what its pins keep in place.
final class IndexTest {
  private static final int LIMIT_BYTES = 1 << 20;

  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(LIMIT_BYTES);

  private TestClient writer;
  private TestClient client;
  private SharedIndex.Reader index;
  private PinTable pins;
  private MemorySegment pool;

  @BeforeEach
  void openIndex() {
    writer = daemon.client();
    client = daemon.client();
    var reply = client.wire().call(new SessionRequest.Index(), SessionReply.Index.class);
    index = new SharedIndex.Reader(client.wire().bytes(reply.index()));
    pins = new PinTable(client.wire().bytes(reply.pins()));
    pool = client.wire().bytes(reply.pool());
  }

  private @Nullable IndexEntry entry(long key) {
    long stamp = index.find(key);
    return stamp == SharedIndex.NONE
        ? null
        : index.read(key, stamp).flatMap(IndexEntry::read).orElseThrow();
  }

  private @Nullable IndexEntry entry(ObjectId id) {
    return entry(id.value());
  }

  private IndexEntry.Place place(ObjectId blob) {
    return (IndexEntry.Place) Objects.requireNonNull(entry(blob));
  }

  private String pooled(IndexEntry.Place place) {
    byte[] bytes = pool.asSlice(place.offset(), place.sizeBytes()).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private ObjectId object(ObjectId member) {
    return writer.createObject(
        "{\"typename\":\"t\",\"instance_id\":0,\"m\":{\"id\":\"%s\",\"typename\":\"u\",\"instance_id\":0}}"
            .formatted(member));
  }

  /// The place of a blob that the client has pinned without having asked for it since.
  private IndexEntry.Place pinned(ObjectId blob) {
    client.getOne(blob);
    client.release(blob);
    writer.release(blob);
    assertThat(inUse(blob)).isFalse();
    assertThat(pins.pin(blob)).isTrue();
    assertThat(inUse(blob)).isTrue();
    return place(blob);
  }

  @Test
  void whatNobodyAskedForIsNotThere() {
    ObjectId blob = writer.put("bytes");
    ObjectId object = object(blob);
    writer.find(object);
    writer.getOne(blob);

    assertThat(entry(blob)).isNull();
    assertThat(entry(object)).isNull();
  }

  @Test
  void aBlobThatWasAskedForIsFoundWithItsBytes() {
    ObjectId blob = writer.put("bytes");
    client.getOne(blob);

    assertThat(entry(blob)).isInstanceOf(IndexEntry.Place.class);
    assertThat(pooled(place(blob))).isEqualTo("bytes");
  }

  @Test
  void anObjectThatWasAskedForIsFoundAsItIsAnswered() {
    ObjectId object = object(writer.put("bytes"));
    Metadata answered = client.metadata(object);

    assertThat(entry(object)).isEqualTo(new IndexEntry.Described(answered));
  }

  @Test
  void whoHasAskedForAnObjectFindsTheBlobsBelowIt() {
    ObjectId blob = writer.put("bytes");
    ObjectId unsealed = writer.create(1).id();
    client.find(object(object(blob)), object(unsealed));

    assertThat(pooled(place(blob))).isEqualTo("bytes");
    assertThat(entry(unsealed)).isNull();
  }

  /// Every way in which the text of an object changes.
  static Stream<Named<Function<ObjectId, Request>>> waysToChange() {
    return Stream.of(
        Named.of("label", id -> new ObjectRequest.Label(id, List.of("k"), List.of("v"))),
        Named.of("persist", ObjectRequest.Persist::new),
        Named.of(
            "delete", id -> new ObjectRequest.Delete(List.of(id), true, true, false, false, false)),
        Named.of("clear", _ -> new ObjectRequest.Clear()));
  }

  @ParameterizedTest
  @MethodSource("waysToChange")
  void anObjectThatChangesIsNotFoundAnyMoreAndNeitherIsWhatItIsAPartOf(
      Function<ObjectId, Request> change) {
    ObjectId part = object(writer.put("bytes"));
    ObjectId whole = object(object(part));
    client.find(part, whole);
    assertThat(entry(whole)).isNotNull();

    writer.done(change.apply(part));

    assertThat(entry(part)).isNull();
    assertThat(entry(whole)).isNull();
  }

  @Test
  void anObjectThatIsNamedOrUnnamedHasChanged() {
    ObjectId object = object(writer.put("bytes"));
    writer.done(new ObjectRequest.Persist(object));
    client.find(object);

    writer.done(new NameRequest.Put("n", object));
    assertThat(entry(object)).isNull();
    client.find(object);
    writer.done(new NameRequest.Drop("n"));

    assertThat(entry(object)).isNull();
  }

  @Test
  void aDroppedBlobTakesTheTextOfItsObjectsAlong() {
    ObjectId blob = writer.put("bytes");
    ObjectId object = object(blob);
    client.find(object);
    client.getOne(blob);

    writer.drop(blob);

    assertThat(entry(object)).isNull();
    assertThat(entry(blob)).isNull();
  }

  @Test
  void aNameIsFoundUntilItIsBoundToSomethingElseOrToNothing() {
    ObjectId one = object(writer.put("1"));
    ObjectId two = object(writer.put("2"));
    long key = SharedIndex.keyOfName("n");
    for (ObjectId id : List.of(one, two)) {
      writer.done(new ObjectRequest.Persist(id));
      writer.done(new NameRequest.Put("n", id));
      assertThat(entry(key)).isNull();

      client.wire().call(new NameRequest.Get("n", false), NameReply.Found.class);
      assertThat(entry(key)).isEqualTo(new IndexEntry.Named("n", id));
    }

    writer.done(new NameRequest.Drop("n"));

    assertThat(entry(key)).isNull();
  }

  @Test
  void aPinnedBlobStaysWhenItIsDeletedUntilItsReaderTells() {
    ObjectId blob = writer.put("pinned");
    IndexEntry.Place place = pinned(blob);

    writer.delete(blob);
    fill();

    assertThat(entry(blob)).isNull();
    assertThat(pooled(place)).isEqualTo("pinned");
    assertThat(pins.unpin(blob)).isEqualTo(PinTable.End.CLAIMED);
    client.release(blob);
    assertThat(writer.refused(new BlobRequest.Create(7))).isEqualTo(Status.STORE_FULL);
    writer.create(6);
  }

  /// Takes all the memory there is.
  private void fill() {
    writer.put("x".repeat((int) (LIMIT_BYTES - writer.usage())));
  }

  private boolean inUse(ObjectId blob) {
    return client.wire().call(new SpillRequest.IsInUse(blob), SpillReply.IsInUse.class).inUse();
  }

  @Test
  void aPinThatHasEndedKeepsNothing() {
    ObjectId blob = writer.put("pinned");
    pinned(blob);
    assertThat(pins.unpin(blob)).isEqualTo(PinTable.End.UNNOTICED);
    assertThat(inUse(blob)).isFalse();

    writer.delete(blob);

    assertThat(writer.usage()).isZero();
  }

  @Test
  void thePinsOfAConnectionEndWithIt() {
    ObjectId deletedBefore = writer.put("before");
    ObjectId deletedAfter = writer.put("after it");
    pinned(deletedBefore);
    pinned(deletedAfter);
    writer.delete(deletedBefore);
    assertThat(writer.usage()).isEqualTo("before".length() + "after it".length());

    client.wire().close();

    eventually(() -> assertThat(writer.usage()).isEqualTo("after it".length()));
    writer.delete(deletedAfter);
    assertThat(writer.usage()).isZero();
  }

  @Test
  void anUnsealedBlobIsNotInTheIndex() {
    ObjectId unsealed = writer.create(10).id();

    client.wire().call(new BlobRequest.Get(List.of(unsealed), true), BlobReply.Found.class);

    assertThat(entry(unsealed)).isNull();
  }

  @Test
  void onlyWhoAsksIsToldThatThereIsAnIndex() {
    Json.Fields official = daemon.stranger().wire().register();
    assertThat(official.has("vinery_index")).isFalse();

    TestClient ours = daemon.stranger();
    var registered =
        ours.wire()
            .call(
                new SessionRequest.Register(
                    "0.24.2", SessionRequest.StoreType.NORMAL, 0, "", "", Set.of(Extension.INDEX)),
                SessionReply.Registered.class);

    assertThat(registered.extensions()).containsExactly(Extension.INDEX);
  }

  @Test
  void blobsThatAreEnteredWithTheirObjectDoNotComeAlongWithIt() {
    ObjectId blob = writer.put("bytes");
    ObjectId object =
        writer
            .createObject(
                Metadata.builder("t")
                    .put(Metadata.INSTANCE_ID, 0)
                    .put("m", Metadata.ofBlob(blob, 5, 0))
                    .build())
            .id();

    var found =
        client
            .wire()
            .call(
                new ObjectRequest.Get(List.of(object), false, false, true),
                ObjectReply.Found.class);

    assertThat(found.payloads()).isEmpty();
    assertThat(entry(blob)).isNotNull();
  }

  @Test
  void aConnectionHasOneIndexOnly() {
    assertThat(client.refused(new SessionRequest.Index())).isEqualTo(Status.INVALID);
  }

  @Test
  void whenTheDaemonEndsNothingIsFound() {
    ObjectId blob = writer.put("bytes");
    client.getOne(blob);
    assertThat(entry(blob)).isNotNull();

    daemon.daemon().close();

    assertThat(entry(blob)).isNull();
    assertThat(pins.counts()).isFalse();
  }
}
