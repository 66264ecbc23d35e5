package dev.vinery.client;

import static dev.vinery.client.ScriptedDaemon.answer;
import static dev.vinery.testkit.Eventually.eventually;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.Extension;
import dev.vinery.protocol.ExtentReply;
import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which requests small drafts lead to if the daemon lends memory, and where their bytes are; and
/// that a get is one request, too.
final class CombinedPutsTest {
  private static final int POOL = 7;
  private static final long POOL_BYTES = 1 << 20;
  private static final long EXTENT_BYTES = 4096;
  private static final ObjectId FIRST = new ObjectId(Long.MIN_VALUE | 1000);

  @TempDir private Path directory;
  private final Arena arena = Arena.ofShared();
  private final List<Request> puts = new ArrayList<>();
  private int poolFd;
  private MemorySegment pool = MemorySegment.NULL;
  private ScriptedDaemon daemon;
  private Client client;
  private int extents;
  private boolean room = true;
  private int refusals;
  private long lastId;

  @BeforeEach
  void connect() throws PosixException {
    poolFd = SharedMemory.memfdCreate("pool");
    SharedMemory.truncate(poolFd, POOL_BYTES);
    pool = SharedMemory.map(poolFd, POOL_BYTES, true, arena);
    daemon =
        new ScriptedDaemon(
            directory.resolve("s"),
            request ->
                switch (request) {
                  case SessionRequest.Register _ -> ScriptedDaemon.welcome(Extension.CALLS);
                  case SessionRequest.Exit _ -> new ScriptedDaemon.HangUp();
                  default -> obey(request);
                });
    client = Vinery.connect(directory.resolve("s"));
  }

  @AfterEach
  void close() {
    client.close();
    daemon.close();
    arena.close();
    Descriptor.close(poolFd);
  }

  private ScriptedDaemon.Turn obey(Request request) {
    return switch (request) {
      case ExtentRequest.Lease _ -> room ? lease() : refuse(Status.STORE_FULL);
      case ExtentRequest.Return _ -> answer(Reply.Done.RETURN_EXTENT);
      case ExtentRequest.Put put -> {
        puts.add(put);
        yield refusals-- > 0 ? refuse(Status.META_TREE_INVALID) : answer(stored(put));
      }
      case BlobRequest.Create(var sizeBytes) -> {
        var blob = payload(nextBlob(), POOL_BYTES / 2, sizeBytes);
        boolean first = extents++ == 0;
        yield new ScriptedDaemon.Answer(
            new BlobReply.Created(blob, first ? POOL : Payload.NO_STORE_FD),
            first ? List.of(poolFd) : List.of());
      }
      case BlobRequest.Seal _ -> answer(Reply.Done.SEAL);
      case BlobRequest.Release _ -> answer(Reply.Done.RELEASE);
      case ObjectRequest.Create _ ->
          answer(new ObjectReply.Created(new ObjectReply.Identity(new ObjectId(++lastId), 1, 0)));
      case ObjectRequest.Get get when get.held() -> held(get.ids().getFirst());
      case ObjectRequest.Exists _ -> answer(new ObjectReply.Exists(true));
      case ObjectRequest.Delete _ -> answer(Reply.Done.DELETE);
      default -> throw new AssertionError("not scripted: " + request);
    };
  }

  /// An object with a blob at the start of the pool, and another one that nobody asked for.
  private ScriptedDaemon.Turn held(ObjectId id) {
    var metadata = Metadata.builder("t").put("m", Metadata.ofBlob(FIRST, 3, 0)).build();
    var more = new ObjectId(FIRST.value() + 1);
    return new ScriptedDaemon.Answer(
        new ObjectReply.Found(
            new LinkedHashMap<>(Map.of(id, metadata)),
            List.of(payload(FIRST, 0, 3), payload(more, 64, 3)),
            List.of(POOL)),
        List.of(poolFd));
  }

  private static ScriptedDaemon.Turn refuse(Status status) {
    return answer(new Reply.Failed(status, "why"));
  }

  private ScriptedDaemon.Turn lease() {
    var memory = payload(ObjectId.INVALID, extents * EXTENT_BYTES, EXTENT_BYTES);
    boolean first = extents++ == 0;
    return new ScriptedDaemon.Answer(
        new ExtentReply.Leased(extents, memory, first ? POOL : Payload.NO_STORE_FD),
        first ? List.of(poolFd) : List.of());
  }

  private static Payload payload(ObjectId id, long offset, long sizeBytes) {
    return new Payload(
        id, POOL, offset, sizeBytes, POOL_BYTES + Payload.MAP_SIZE_EXCESS_BYTES, 0, true, true);
  }

  private ObjectId nextBlob() {
    return new ObjectId(Long.MIN_VALUE | ++lastId);
  }

  private ExtentReply.Stored stored(ExtentRequest.Put put) {
    List<ObjectId> blobs = put.sizesBytes().stream().map(_ -> nextBlob()).toList();
    List<ObjectId> objects = put.contents().stream().map(_ -> new ObjectId(++lastId)).toList();
    return new ExtentReply.Stored(blobs, objects);
  }

  private static Draft blob(long sizeBytes, int content) {
    return new Draft.OfBlob(sizeBytes, memory -> memory.fill((byte) content));
  }

  private static Draft thing(Draft bytes) {
    return Draft.object("t").member("bytes", bytes).build();
  }

  private List<Request> requests() {
    client.exists(new ObjectId(1)); // is answered after all that was asked before
    return daemon.requests().stream()
        .filter(request -> !(request instanceof ObjectRequest.Exists))
        .toList();
  }

  private byte at(long offset) {
    return pool.get(JAVA_BYTE, offset);
  }

  @Test
  void aPutIsOneRequestOnceMemoryIsLent() {
    client.create(thing(blob(100, 1)));
    client.create(thing(blob(10, 2)));

    assertThat(requests()).hasSize(3).first().isInstanceOf(ExtentRequest.Lease.class);
    var second = (ExtentRequest.Put) puts.get(1);
    assertThat(second.offset()).isEqualTo(128);
    assertThat(second.sizesBytes()).containsExactly(10L);
    assertThat(at(99)).isEqualTo((byte) 1);
    assertThat(at(128)).isEqualTo((byte) 2);
    assertThat(at(138)).isZero();
  }

  @Test
  void aTreeOfSeveralLevelsIsOneRequest() {
    Draft shared = blob(1, 1);
    var inner = Draft.object("inner").member("bytes", shared).build();

    ObjectId id =
        client.create(
            Draft.object("outer")
                .member("inner", inner)
                .member("bytes", shared)
                .member("none", blob(0, 0))
                .member("old", new Draft.Existing(new ObjectId(5)))
                .build());

    var put = (ExtentRequest.Put) puts.getFirst();
    assertThat(put.sizesBytes()).containsExactly(1L);
    assertThat(put.contents()).hasSize(2);
    var outer = (Json.Fields) put.contents().get(1);
    assertThat(outer.fields("inner").whole(ExtentRequest.Put.OBJECT)).isZero();
    assertThat(outer.fields("bytes").whole(ExtentRequest.Put.BLOB)).isZero();
    assertThat(outer.fields("none").text("id")).isEqualTo(ObjectId.EMPTY_BLOB.toString());
    assertThat(outer.fields("old").text("id")).isEqualTo(new ObjectId(5).toString());
    assertThat(id).isEqualTo(new ObjectId(lastId));
  }

  @Test
  void aGetIsOneRequestAndWhatCameAlongIsReleasedAfterwards() {
    pool.fill((byte) 9);
    var id = new ObjectId(5);

    try (VineryObject object = client.getObject(id)) {
      assertThat(object.member("m").segment().toArray(JAVA_BYTE)).containsExactly(9, 9, 9);
      assertThat(requests())
          .containsExactly(
              new ObjectRequest.Get(List.of(id), false, false, true),
              new BlobRequest.Release(new ObjectId(FIRST.value() + 1)));
    }

    assertThat(requests()).hasSize(3).contains(new BlobRequest.Release(FIRST));
  }

  @Test
  void manyValuesAreFewRequests() {
    List<Draft> drafts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      drafts.add(thing(blob(8, i)));
    }
    drafts.add(drafts.getLast());

    List<ObjectId> ids = client.putAll(drafts);

    assertThat(ids).hasSize(201);
    assertThat(ids.getLast()).isEqualTo(ids.get(199));
    assertThat(ids.subList(0, 200)).doesNotHaveDuplicates();
    assertThat(puts).hasSizeLessThan(10);
    for (Request request : puts) {
      var put = (ExtentRequest.Put) request;
      int first = (put.extent() - 1) * (int) EXTENT_BYTES;
      assertThat(put.offset() + 64L * put.sizesBytes().size()).isLessThanOrEqualTo(EXTENT_BYTES);
      assertThat(at(first + put.offset())).isEqualTo(at(first + put.offset() + 7));
    }
  }

  @Test
  void afterARefusalTheExtentIsGivenUp() {
    refusals = 1;
    assertThatThrownBy(() -> client.create(thing(blob(8, 1)))).isInstanceOf(StoreException.class);

    client.create(thing(blob(8, 2)));

    assertThat(requests()).contains(new ExtentRequest.Return(1));
    assertThat(((ExtentRequest.Put) puts.get(1)).extent()).isEqualTo(2);
  }

  @Test
  void aDraftThatFailsToBeWrittenStoresNothing() {
    var broken =
        new Draft.OfBlob(
            8,
            _ -> {
              throw new IllegalStateException("broken");
            });

    assertThatThrownBy(() -> client.create(thing(broken))).hasMessage("broken");

    assertThat(requests()).contains(new ExtentRequest.Return(1));
    assertThat(puts).isEmpty();
  }

  @Test
  void withoutRoomForAnExtentBlobsAreMadeOneByOne() {
    room = false;

    client.create(thing(blob(8, 1)));
    client.create(thing(blob(8, 2)));

    assertThat(requests().stream().filter(each -> each instanceof ExtentRequest.Lease)).hasSize(1);
    assertThat(requests().stream().filter(each -> each instanceof BlobRequest.Seal)).hasSize(2);
  }

  @Test
  void largeBlobsAreMadeOneByOne() {
    client.create(thing(blob(100_000, 1)));

    assertThat(requests()).noneMatch(each -> each instanceof ExtentRequest);
  }

  @Test
  void theDaemonDoesNotLearnThatAClientHasLeftWhileOneOfItsThreadsWrites() throws Exception {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var slow =
        new Draft.OfBlob(
            8,
            memory -> {
              begun.countDown();
              await(go);
              memory.fill((byte) 1);
            });
    Thread writer =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                client.create(slow);
              } catch (StoreException | IllegalStateException closedMeanwhile) {
                // As it may be.
              }
            });
    await(begun);
    assertThat(daemon.openConnections()).isOne();

    client.close();

    assertThat(daemon.openConnections()).isOne();
    go.countDown();
    eventually(() -> assertThat(daemon.openConnections()).isZero());
    writer.join();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
