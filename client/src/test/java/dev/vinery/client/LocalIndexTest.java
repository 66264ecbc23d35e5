package dev.vinery.client;

import static dev.vinery.client.ScriptedDaemon.answer;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.Extension;
import dev.vinery.protocol.IndexEntry;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.PinTable;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SharedIndex;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which requests a client does without that reads in a daemon's index, and which it makes then.
final class LocalIndexTest {
  private static final ObjectId BLOB = new ObjectId(Long.MIN_VALUE | 5);
  private static final ObjectId OBJECT = new ObjectId(77);
  private static final int POOL = 1;
  private static final int INDEX = 2;
  private static final int PINS = 3;
  private static final long POOL_BYTES = 1 << 16;

  @TempDir private Path directory;
  private final Arena arena = Arena.ofShared();
  private int poolFd;
  private int indexFd;
  private int pinFd;
  private SharedIndex.Writer index;
  private PinTable pins;
  private ScriptedDaemon daemon;
  private Client client;

  @BeforeEach
  void connect() throws PosixException {
    poolFd = SharedMemory.memfdCreate("pool");
    indexFd = SharedMemory.memfdCreate("index");
    pinFd = SharedMemory.memfdCreate("pins");
    MemorySegment pool = map(poolFd, POOL_BYTES);
    pool.asSlice(100, 3).copyFrom(MemorySegment.ofArray(new byte[] {7, 8, 9}));
    index = new SharedIndex.Writer(map(indexFd, SharedIndex.FILE_BYTES));
    pins = new PinTable(map(pinFd, PinTable.FILE_BYTES));
    daemon =
        new ScriptedDaemon(
            directory.resolve("s"),
            request ->
                switch (request) {
                  case SessionRequest.Register _ -> ScriptedDaemon.welcome(Extension.INDEX);
                  case SessionRequest.Exit _ -> new ScriptedDaemon.HangUp();
                  case SessionRequest.Index _ ->
                      new ScriptedDaemon.Answer(
                          new SessionReply.Index(
                              whole(INDEX, SharedIndex.FILE_BYTES),
                              whole(PINS, PinTable.FILE_BYTES),
                              whole(POOL, POOL_BYTES),
                              List.of(INDEX, PINS, POOL)),
                          List.of(indexFd, pinFd, poolFd));
                  default -> obey(request);
                });
    client = Vinery.connect(directory.resolve("s"));
  }

  private MemorySegment map(int fd, long sizeBytes) throws PosixException {
    SharedMemory.truncate(fd, sizeBytes);
    return SharedMemory.map(fd, sizeBytes, true, arena);
  }

  @AfterEach
  void close() {
    client.close();
    daemon.close();
    arena.close();
    List.of(poolFd, indexFd, pinFd).forEach(Descriptor::close);
  }

  private static Payload whole(int key, long sizeBytes) {
    return new Payload(
        ObjectId.INVALID,
        key,
        0,
        sizeBytes,
        sizeBytes + Payload.MAP_SIZE_EXCESS_BYTES,
        0,
        true,
        true);
  }

  private static Payload blob(ObjectId id) {
    return new Payload(id, POOL, 100, 3, POOL_BYTES + Payload.MAP_SIZE_EXCESS_BYTES, 0, true, true);
  }

  private static Metadata metadata() {
    return Metadata.builder("t").put("m", Metadata.ofBlob(BLOB, 3, 0)).build();
  }

  private ScriptedDaemon.Turn obey(Request request) {
    return switch (request) {
      case BlobRequest.Get(var ids, _) ->
          answer(new BlobReply.Found(ids.stream().map(LocalIndexTest::blob).toList(), List.of()));
      case BlobRequest.Release _ -> answer(Reply.Done.RELEASE);
      case ObjectRequest.Get _ ->
          answer(new ObjectReply.Found(new TreeMap<>(Map.of(OBJECT, metadata()))));
      case ObjectRequest.Exists _ -> answer(new ObjectReply.Exists(false));
      case NameRequest.Get _ -> answer(new NameReply.Found(OBJECT));
      default -> throw new AssertionError("not scripted: " + request);
    };
  }

  private void enterAll() {
    index.put(BLOB.value(), new IndexEntry.Place(100, 3).toBytes());
    index.put(OBJECT.value(), new IndexEntry.Described(metadata()).toBytes());
    index.put(SharedIndex.keyOfName("n"), new IndexEntry.Named("n", OBJECT).toBytes());
  }

  /// The requests after the one for the index.
  private List<Request> requests() {
    return daemon.requests().stream()
        .filter(request -> !(request instanceof SessionRequest.Index))
        .toList();
  }

  /// Asks for what is in no index, which is answered after all that was asked before.
  private void settle() {
    client.exists(new ObjectId(1));
  }

  @Test
  void whatIsInTheIndexIsReadWithoutARequest() {
    enterAll();

    assertThat(client.getName("n")).isEqualTo(OBJECT);
    assertThat(client.exists(OBJECT)).isTrue();
    assertThat(client.exists(BLOB)).isTrue();
    try (VineryObject object = client.getObject(OBJECT)) {
      assertThat(object.member("m").segment().toArray(JAVA_BYTE)).containsExactly(7, 8, 9);
      assertThat(pins.isPinned(BLOB)).isTrue();
    }
    assertThat(pins.isPinned(BLOB)).isFalse();
    assertThat(requests()).isEmpty();
  }

  @Test
  void whatIsNotInTheIndexIsAskedFor() {
    assertThat(client.getName("n")).isEqualTo(OBJECT);
    assertThat(client.exists(OBJECT)).isFalse();
    client.getObject(OBJECT).close();
    settle();

    assertThat(requests())
        .containsSubsequence(
            new NameRequest.Get("n", false),
            new ObjectRequest.Exists(OBJECT),
            new ObjectRequest.Get(List.of(OBJECT), false, false),
            new BlobRequest.Get(List.of(BLOB), false),
            new BlobRequest.Release(BLOB));
  }

  @Test
  void metadataThatHasChangedIsReadAgain() {
    enterAll();
    client.getMetadata(OBJECT);

    Metadata changed = Metadata.builder("u").build();
    index.put(OBJECT.value(), new IndexEntry.Described(changed).toBytes());

    assertThat(client.getMetadata(OBJECT).typeName()).isEqualTo("u");
    assertThat(requests()).isEmpty();
  }

  @Test
  void anObjectWhoseBlobIsInAnotherPlaceNowIsReadThere() {
    enterAll();
    client.getObject(OBJECT).close();

    index.put(BLOB.value(), new IndexEntry.Place(101, 2).toBytes());

    for (int i = 0; i < 2; i++) {
      try (VineryObject object = client.getObject(OBJECT)) {
        assertThat(object.member("m").segment().toArray(JAVA_BYTE)).containsExactly(8, 9);
      }
      assertThat(pins.isPinned(BLOB)).isFalse();
    }
    assertThat(requests()).isEmpty();
  }

  @Test
  void anObjectWhoseBlobIsNoLongerInTheIndexIsAskedFor() {
    enterAll();
    client.getObject(OBJECT).close();

    index.remove(BLOB.value());
    client.getObject(OBJECT).close();

    assertThat(requests()).contains(new BlobRequest.Get(List.of(BLOB), false));
    assertThat(pins.isPinned(BLOB)).isFalse();
  }

  @Test
  void theEndOfAClaimedPinIsToldOnceAllHoldsHaveEnded() {
    enterAll();
    client.exists(BLOB); // opens the index
    Blob one = client.getBlob(BLOB);
    Blob two = client.getBlob(BLOB);
    index.remove(BLOB.value());
    assertThat(pins.claim(BLOB)).isTrue();

    one.close();
    settle();
    assertThat(requests()).doesNotContain(new BlobRequest.Release(BLOB));
    two.close();
    settle();

    assertThat(requests()).containsOnlyOnce(new BlobRequest.Release(BLOB));
  }

  @Test
  void aBlobThatIsBothInTheBooksAndPinnedIsReleasedAndUnpinned() {
    client.exists(BLOB);
    Blob asked = client.getBlob(BLOB);
    enterAll();
    Blob pinned = client.getBlob(BLOB);
    assertThat(pins.isPinned(BLOB)).isTrue();

    asked.close();
    pinned.close();
    settle();

    assertThat(pins.isPinned(BLOB)).isFalse();
    assertThat(requests()).containsOnlyOnce(new BlobRequest.Release(BLOB));
  }

  @Test
  void pinsThatTheDaemonDoesNotLookAtAreNotReliedOn() {
    enterAll();
    client.exists(BLOB);
    pins.makeVoid();

    client.getBlob(BLOB).close();

    assertThat(requests()).contains(new BlobRequest.Get(List.of(BLOB), false));
  }

  @Test
  void oneBlobThatIsNotInTheIndexHasAllAskedFor() {
    enterAll();
    client.exists(BLOB);
    var other = new ObjectId(Long.MIN_VALUE | 6);

    client.getBlobs(List.of(BLOB, other)).values().forEach(Blob::close);

    assertThat(requests()).contains(new BlobRequest.Get(List.of(BLOB, other), false));
    assertThat(pins.isPinned(BLOB)).isFalse();
  }

  @Test
  void aClosedClientReadsNothing() {
    enterAll();
    client.exists(BLOB);
    client.close();

    assertThatThrownBy(() -> client.exists(BLOB)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> client.getName("n")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPlaceOutsideThePoolIsRefused() {
    index.put(BLOB.value(), new IndexEntry.Place(POOL_BYTES, 1).toBytes());
    client.exists(BLOB);

    assertThatThrownBy(() -> client.getBlob(BLOB))
        .isNotInstanceOf(ObjectNotFoundException.class)
        .hasMessageContaining("outside");
  }
}
