package dev.vinery.client;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StoreFullException;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every client can do, through either door of our daemon.
@ParameterizedClass
@EnumSource(Door.class)
final class ClientTest {
  private static final long MEMORY_BYTES = 64 << 20;

  @Parameter private Door door = Door.SHARED_MEMORY;
  @TempDir private Path directory;
  private Daemon daemon;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    var options = DaemonOptions.of(directory.resolve("v.sock"), MEMORY_BYTES);
    daemon = Daemon.start(options.withRpcPort(OptionalInt.of(0)));
    client = door.connect(daemon);
  }

  @AfterEach
  void stop() {
    client.close();
    daemon.close();
  }

  private static Draft blobOf(long sizeBytes, int content) {
    return new Draft.OfBlob(sizeBytes, memory -> memory.fill((byte) content));
  }

  /// Bytes that differ from their neighbours, also those a page away.
  private static byte pattern(long index) {
    return (byte) ((index * 31) >> 7);
  }

  private static Draft.Builder thing() {
    return Draft.object("test::Thing").put("colour", "red");
  }

  @Test
  void aClientTellsItsDoor() {
    assertThat(client.address()).isEqualTo(door.address(daemon));
    assertThat(client).hasToString("Client[" + door.address(daemon) + "]");
    var status = client.status();
    assertThat(door == Door.TCP ? status.rpcConnections() : status.ipcConnections()).isOne();
    assertThat(client.instances()).containsKey(client.instanceId());
    assertThat(client.version()).startsWith("0.24");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 8, 65_537, 3 << 20, 20 << 20})
  void aBlobHasTheBytesThatWereWritten(long sizeBytes) {
    ObjectId id;
    try (BlobWriter writer = client.createBlob(sizeBytes)) {
      assertThat(writer.segment().byteSize()).isEqualTo(sizeBytes);
      assertThat(writer.segment().address() % 64).isZero();
      for (long i = 0; i < sizeBytes; i++) {
        writer.segment().set(JAVA_BYTE, i, pattern(i));
      }
      try (Blob sealed = writer.seal()) {
        id = sealed.id();
        assertThat(sealed.segment().isReadOnly()).isTrue();
        assertThat(sealed.segment().get(JAVA_BYTE, sizeBytes - 1))
            .isEqualTo(pattern(sizeBytes - 1));
        assertThatThrownBy(writer::seal).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(writer::segment).isInstanceOf(IllegalStateException.class);
      }
    }

    try (Client other = door.connect(daemon);
        Blob got = other.getBlob(id)) {
      assertThat(got.sizeBytes()).isEqualTo(sizeBytes);
      for (long i = 0; i < sizeBytes; i += 997) {
        assertThat(got.segment().get(JAVA_BYTE, i)).isEqualTo(pattern(i));
      }
    }
  }

  @Test
  void aWriterShrinks() {
    try (BlobWriter writer = client.createBlob(100)) {
      writer.segment().fill((byte) 3);
      writer.shrink(40);
      assertThatThrownBy(() -> writer.shrink(41))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a blob of 40 bytes cannot shrink to 41");

      try (Blob sealed = writer.seal();
          Blob got = client.getBlob(sealed.id())) {
        assertThat(got.sizeBytes()).isEqualTo(40);
        assertThat(got.segment().get(JAVA_BYTE, 39)).isEqualTo((byte) 3);
      }
    }
  }

  @Test
  void aWriterThatIsClosedLeavesNothing() {
    List<BlobWriter> writers = client.createBlobs(List.of(1L, 0L, 1L << 20));
    writers.forEach(BlobWriter::close);

    assertThatThrownBy(() -> writers.getFirst().seal()).isInstanceOf(IllegalStateException.class);
    Waiting.until("nothing is left", () -> client.status().memoryUsageBytes() == 0);
  }

  @Test
  void emptyBlobsAreTheEmptyBlob() {
    try (BlobWriter writer = client.createBlob(0);
        Blob sealed = writer.seal();
        Blob got = client.getBlob(ObjectId.EMPTY_BLOB)) {
      assertThat(sealed.id()).isEqualTo(ObjectId.EMPTY_BLOB);
      assertThat(got.sizeBytes()).isZero();
    }
    assertThatThrownBy(() -> client.createBlob(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size of a blob must not be negative: -1");
  }

  @Test
  void thoseBlobsAreGotThatThereAre() {
    ObjectId one = client.create(blobOf(10, 1));
    ObjectId two = client.create(blobOf(300_000, 2));
    var missing = new ObjectId(Long.MIN_VALUE | 12345);

    var blobs = client.getBlobs(List.of(two, missing, ObjectId.EMPTY_BLOB, one, two));

    assertThat(blobs).containsOnlyKeys(one, two, ObjectId.EMPTY_BLOB);
    Blob small = Objects.requireNonNull(blobs.get(one));
    Blob large = Objects.requireNonNull(blobs.get(two));
    assertThat(small.segment().get(JAVA_BYTE, 9)).isEqualTo((byte) 1);
    assertThat(large.segment().get(JAVA_BYTE, 299_999)).isEqualTo((byte) 2);
    blobs.values().forEach(Blob::close);
    assertThatThrownBy(small::segment).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> client.getBlob(missing)).isInstanceOf(ObjectNotFoundException.class);
  }

  @Test
  void anObjectHasItsMembersAndTheirBytes() {
    Draft shared = blobOf(1000, 7);
    ObjectId id =
        client.create(
            thing()
                .member("a", Draft.object("test::Part").member("bytes", shared).build())
                .member("b", shared)
                .member("c", blobOf(0, 0))
                .build());

    try (VineryObject object = client.getObject(id)) {
      assertThat(object.isLocal()).isTrue();
      assertThat(object.metadata().text("colour")).isEqualTo("red");
      assertThat(object.member("a").member("bytes").segment().get(JAVA_LONG, 992))
          .isEqualTo(0x0707070707070707L);
      assertThat(object.member("b").id()).isEqualTo(object.member("a").member("bytes").id());
      assertThat(object.member("c").segment().byteSize()).isZero();
    }
    assertThat(client.get(id, VineryObject.class).typeName()).isEqualTo("test::Thing");
  }

  @Test
  void aPartOutlivesItsObjectItsClientAndItsBytesInTheStore() {
    ObjectId id =
        client.create(
            thing().member("a", blobOf(400_000, 1)).member("b", blobOf(400_000, 2)).build());
    VineryObject object = client.getObject(id);
    VineryObject part = object.member("b").retain();
    object.close();
    try (Client deleter = door.connect(daemon)) {
      deleter.delete(List.of(id));
      deleter.create(blobOf(800_000, 9));
    }
    client.close();

    assertThatThrownBy(() -> object.member("a").segment())
        .isInstanceOf(IllegalStateException.class);
    MemorySegment bytes = part.segment();
    assertThat(bytes.get(JAVA_BYTE, 399_999)).isEqualTo((byte) 2);
    part.close();
  }

  @Test
  void aBlobOfAnotherInstanceIsAbsent() {
    ObjectId id =
        client.createMetadata(
            Metadata.builder("test::Thing")
                .put(Metadata.INSTANCE_ID, 4711)
                .put("there", Metadata.ofBlob(new ObjectId(Long.MIN_VALUE | 77), 8, 4711))
                .build());

    try (VineryObject object = client.getObject(id)) {
      assertThat(object.isLocal()).isFalse();
      assertThatThrownBy(() -> object.member("there").segment())
          .isInstanceOf(ObjectNotFoundException.class)
          .hasMessageContaining("is on instance 4711");
    }
  }

  @Test
  void aBlobThatWasLostIsSaid() {
    ObjectId blob = client.create(blobOf(8, 1));
    ObjectId id =
        client.createMetadata(
            Metadata.builder("test::Thing")
                .put("bytes", Metadata.ofBlob(blob, 8, client.instanceId()))
                .build());
    client.delete(List.of(blob), DeleteOption.BLOBS_UNCHECKED, DeleteOption.FORCE);

    assertThatThrownBy(() -> client.getObject(id)).isInstanceOf(ObjectNotFoundException.class);
  }

  @Test
  void manyBlobsAndLevelsAreStoredAtOnce() {
    var parent = thing();
    for (int i = 0; i < 700; i++) {
      parent.member(
          "m" + i, Draft.object("test::Part").put("i", i).member("b", blobOf(i + 1, i)).build());
    }

    ObjectId id = client.create(parent.build());

    try (VineryObject object = client.getObject(id)) {
      assertThat(object.members()).hasSize(700);
      VineryObject last = object.member("m699").member("b");
      assertThat(last.segment().byteSize()).isEqualTo(700);
      assertThat(last.segment().get(JAVA_BYTE, 699)).isEqualTo((byte) 699);
    }
    client.delete(List.of(id));
    assertThat(client.status().memoryUsageBytes()).isZero();
  }

  @Test
  void whatDoesNotFitIsRefusedAndLeavesNothing() {
    assertThatThrownBy(() ->
            client.create(
                thing()
                    .member("small", blobOf(1, 0))
                    .member("large", blobOf(MEMORY_BYTES, 0))
                    .build()))
        .isInstanceOf(StoreFullException.class);

    assertThat(client.status().memoryUsageBytes()).isZero();
    assertThat(client.exists(client.create(blobOf(1, 0)))).isTrue();
  }

  @Test
  void aDraftThatIsRefusedIsDeletedAgain() {
    var impossible = thing().put("id", "nonsense").put("signature", "no number");
    impossible.member("bytes", blobOf(8, 1)).member("gone", new Draft.Existing(new ObjectId(99)));

    assertThatThrownBy(() -> client.create(impossible.build())).isInstanceOf(StoreException.class);

    Waiting.until("nothing is left", () -> client.status().memoryUsageBytes() == 0);
  }

  @Test
  void namesAreGivenLookedUpListedAndTakenAway() {
    ObjectId id = client.create(thing().build());
    assertThat(client.isPersistent(id)).isFalse();
    client.persist(id);
    client.putName(id, "one");

    assertThat(client.isPersistent(id)).isTrue();
    assertThat(client.getName("one")).isEqualTo(id);
    assertThat(client.listNames("o*", 10)).containsExactly(Map.entry("one", id));
    assertThat(client.listNamesByRegex("o.e", 10)).containsKey("one");
    client.dropName("one");
    assertThat(client.findName("one")).isEmpty();
    assertThatThrownBy(() -> client.getName("one")).isInstanceOf(ObjectNotFoundException.class);
  }

  @Test
  void whatIsAwaitedComes() throws Exception {
    try (Client other = door.connect(daemon);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = executor.submit(() -> client.awaitName("later", Duration.ofSeconds(20)));
      Waiting.until("somebody waits", () -> other.status().deferredRequests() == 1);
      ObjectId id = other.create(thing().build());
      other.persist(id);
      other.putName(id, "later");

      assertThat(waiting.get()).isEqualTo(id);
      assertThat(client.awaitMetadata(id, Duration.ofSeconds(20)).id()).isEqualTo(id);
    }
    assertThatThrownBy(() -> client.awaitName("never", Duration.ofMillis(1)))
        .isInstanceOf(ObjectNotFoundException.class);
  }

  @Test
  void metadataIsListedLabelledAndCopied() {
    ObjectId id = client.create(thing().member("b", blobOf(1, 1)).build());
    client.label(id, Map.of("owner", "ann"));
    ObjectId copy = client.shallowCopy(id, Map.of("colour", new Json.Text("blue")));

    assertThat(client.getMetadata(id).fields().toString()).contains("owner");
    assertThat(client.getMetadata(copy).text("colour")).isEqualTo("blue");
    assertThat(client.list("test::*", 10)).extracting(Metadata::id).contains(id, copy);
    assertThat(client.listByRegex("test::Th.*", 10)).extracting(Metadata::id).contains(id, copy);
    assertThat(client.exists(id)).isTrue();
    client.clear();
    assertThat(client.exists(id)).isFalse();
    assertThatThrownBy(() -> client.getMetadata(id)).isInstanceOf(ObjectNotFoundException.class);
  }

  @Test
  void sessionsAreApart() {
    ObjectId outside = client.create(blobOf(100, 1));
    try (Client session = client.openSession()) {
      ObjectId inside = session.create(thing().member("b", blobOf(100, 2)).build());

      assertThat(session.exists(outside)).isFalse();
      assertThat(client.exists(inside)).isFalse();
      try (VineryObject object = session.getObject(inside)) {
        assertThat(object.member("b").segment().get(JAVA_BYTE, 99)).isEqualTo((byte) 2);
      }
      session.deleteSession();
      assertThatThrownBy(session::status).isInstanceOf(IllegalStateException.class);
    }
    Waiting.until("the session is gone", () -> client.status().memoryUsageBytes() == 100);
    assertThat(client.exists(outside)).isTrue();
  }

  @Test
  void threadsOfBothKindsShareAClient() throws Exception {
    try (var virtual = Executors.newVirtualThreadPerTaskExecutor();
        var platform = Executors.newFixedThreadPool(4)) {
      for (var executor : List.of(virtual, platform)) {
        var calls =
            java.util.stream.IntStream.range(0, 100)
                .mapToObj(i ->
                    executor.submit(() -> {
                      ObjectId id = client.create(blobOf(i * 1000L + 1, i));
                      try (Blob blob = client.getBlob(id)) {
                        return blob.segment().get(JAVA_BYTE, i * 1000L);
                      }
                    }))
                .toList();
        for (int i = 0; i < calls.size(); i++) {
          assertThat(calls.get(i).get()).isEqualTo((byte) i);
        }
      }
    }
  }

  @Test
  void aClosedClientSaysSo() {
    client.close();
    client.close();

    assertThatThrownBy(client::status)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the client is closed");
    assertThatThrownBy(() -> client.getBlob(ObjectId.EMPTY_BLOB))
        .isInstanceOf(IllegalStateException.class);
  }
}
