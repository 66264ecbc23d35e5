package dev.vinery.client;

import static dev.vinery.client.ScriptedDaemon.answer;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.posix.PosixException;
import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreFullException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which requests holds, writers and drafts lead to, and which memory they use.
final class LocalBlobsTest {
  private static final ObjectId FIRST = new ObjectId(Long.MIN_VALUE | 1);
  private static final ObjectId OBJECT = new ObjectId(77);
  private static final int STORE_FD = 1000;

  @TempDir private Path directory;
  private final MemoryFiles files = new MemoryFiles();
  private int file;
  private boolean sent;

  @BeforeEach
  void createFile() throws PosixException {
    file = files.create((byte) 5);
  }

  @AfterEach
  void closeFiles() {
    files.close();
  }

  private ScriptedDaemon daemon(Function<Request, ScriptedDaemon.Turn> script) throws Exception {
    return ScriptedDaemon.welcoming(directory.resolve("s"), script);
  }

  private Client connect() {
    return Vinery.connect(directory.resolve("s"));
  }

  /// A daemon with one memory file, in which every blob has 100 bytes.
  private ScriptedDaemon.Turn obey(Request request) {
    return switch (request) {
      case BlobRequest.Create(var sizeBytes) ->
          created(MemoryFiles.payload(1, STORE_FD, sizeBytes));
      case BlobRequest.CreateMany(var sizes) ->
          createdMany(
              IntStream.range(0, sizes.size())
                  .mapToObj(i -> MemoryFiles.payload(i + 1, STORE_FD, sizes.get(i)))
                  .toList());
      case BlobRequest.Get(var ids, _) ->
          found(
              ids.stream()
                  .map(id -> MemoryFiles.payload(id.value() & 0xffff, STORE_FD, 100))
                  .toList());
      case BlobRequest.Seal _ -> answer(Reply.Done.SEAL);
      case BlobRequest.Drop _ -> answer(Reply.Done.DROP_BUFFER);
      case BlobRequest.Release _ -> answer(Reply.Done.RELEASE);
      case BlobRequest.Shrink _ -> answer(Reply.Done.SHRINK_BUFFER);
      case ObjectRequest.Create _ ->
          answer(new ObjectReply.Created(new ObjectReply.Identity(OBJECT, 1, 0)));
      case ObjectRequest.Delete _ -> answer(Reply.Done.DELETE);
      default -> throw new AssertionError("not scripted: " + request);
    };
  }

  private ScriptedDaemon.Turn created(Payload payload) {
    List<Integer> descriptors = descriptors();
    int newStoreFd = descriptors.isEmpty() ? Payload.NO_STORE_FD : STORE_FD;
    return new ScriptedDaemon.Answer(new BlobReply.Created(payload, newStoreFd), descriptors);
  }

  private ScriptedDaemon.Turn createdMany(List<Payload> payloads) {
    List<Integer> descriptors = descriptors();
    List<Integer> storeFds = descriptors.isEmpty() ? List.of() : List.of(STORE_FD);
    return new ScriptedDaemon.Answer(new BlobReply.CreatedMany(payloads, storeFds), descriptors);
  }

  private ScriptedDaemon.Turn found(List<Payload> payloads) {
    List<Integer> descriptors = descriptors();
    List<Integer> storeFds = descriptors.isEmpty() ? List.of() : List.of(STORE_FD);
    return new ScriptedDaemon.Answer(new BlobReply.Found(payloads, storeFds), descriptors);
  }

  /// The file's descriptor the first time, then nothing.
  private List<Integer> descriptors() {
    if (sent) {
      return List.of();
    }
    sent = true;
    return List.of(file);
  }

  @Test
  void aBlobIsReleasedWhenItsLastHoldEnds() throws Exception {
    try (var daemon = daemon(this::obey);
        Client client = connect()) {
      Blob one = client.getBlob(FIRST);
      Blob two = client.getBlob(FIRST);
      assertThat(one.segment().get(JAVA_BYTE, 99)).isEqualTo((byte) 5);
      assertThat(one.segment().isReadOnly()).isTrue();

      one.close();
      one.close();
      client.getBlob(FIRST).close();
      assertThat(daemon.requests()).noneMatch(BlobRequest.Release.class::isInstance);
      assertThat(two.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 5);

      two.close();
      Waiting.until(
          "the blob is released", () -> daemon.requests().contains(new BlobRequest.Release(FIRST)));
      assertThatThrownBy(two::segment)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is closed");
    }
  }

  @Test
  void aForgottenBlobIsReleasedOnceNothingRefersToItsMemory() throws Exception {
    try (var daemon = daemon(this::obey);
        Client client = connect()) {
      var memory = new ArrayList<MemorySegment>();
      memory.add(client.getBlob(FIRST).segment().asSlice(10, 20));
      System.gc();
      client.getBlob(new ObjectId(Long.MIN_VALUE | 2)).close();
      assertThat(daemon.requests()).doesNotContain(new BlobRequest.Release(FIRST));
      assertThat(memory.getFirst().get(JAVA_BYTE, 0)).isEqualTo((byte) 5);

      memory.clear();

      Waiting.untilCollected(
          "the blob is released", () -> daemon.requests().contains(new BlobRequest.Release(FIRST)));
    }
  }

  @Test
  void aBlobOutlivesItsClient() throws Exception {
    try (var daemon = daemon(this::obey)) {
      Client client = connect();
      Blob blob = client.getBlob(FIRST);
      client.close();

      assertThatThrownBy(() -> client.getBlob(FIRST)).isInstanceOf(IllegalStateException.class);
      assertThat(blob.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 5);
      assertThat(daemon.openConnections()).isOne();

      blob.close();
      Waiting.until("the client has left", () -> daemon.openConnections() == 0);
    }
  }

  @Test
  void memoryStaysReadableAfterTheDaemonIsGone() throws Exception {
    Blob blob;
    try (var own = new MemoryFiles();
        var _ = daemon(this::obey)) {
      file = own.create((byte) 4);
      blob = connect().getBlob(FIRST);
    }

    assertThat(blob.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 4);
    blob.close();
  }

  @Test
  void aWriterIsSealedOnce() throws Exception {
    try (var daemon = daemon(this::obey);
        Client client = connect()) {
      BlobWriter writer = client.createBlob(100);
      writer.segment().fill((byte) 8);

      Blob blob = writer.seal();

      assertThat(blob.segment().get(JAVA_BYTE, 99)).isEqualTo((byte) 8);
      assertThat(blob.segment().isReadOnly()).isTrue();
      assertThatThrownBy(writer::segment).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(writer::seal).isInstanceOf(IllegalStateException.class);
      writer.close();
      blob.close();
      Waiting.until(
          "the blob is released", () -> daemon.requests().contains(new BlobRequest.Release(FIRST)));
      assertThat(daemon.requests()).doesNotContain(new BlobRequest.Drop(FIRST));
    }
  }

  @Test
  void aWriterThatIsClosedOrForgottenGivesItsMemoryBack() throws Exception {
    try (var daemon = daemon(this::obey);
        Client client = connect()) {
      client.createBlob(100).close();
      Waiting.until(
          "the blob is dropped", () -> daemon.requests().contains(new BlobRequest.Drop(FIRST)));

      int before = daemon.requests().size();
      client.createBlob(50).segment().set(JAVA_BYTE, 0, (byte) 1);
      Waiting.untilCollected(
          "the other blob is dropped", () -> daemon.requests().size() == before + 2);
      assertThat(daemon.requests().getLast()).isEqualTo(new BlobRequest.Drop(FIRST));
    }
  }

  @Test
  void closingAClientGivesUpItsWriters() throws Exception {
    try (var daemon = daemon(this::obey)) {
      Client client = connect();
      BlobWriter writer = client.createBlob(100);
      client.close();

      Waiting.until("the client has left", () -> daemon.openConnections() == 0);
      assertThat(daemon.requests())
          .containsExactly(
              new BlobRequest.Create(100), new BlobRequest.Drop(FIRST), new SessionRequest.Exit());
      writer.close();
    }
  }

  @Test
  void aWriterShrinks() throws Exception {
    try (var daemon = daemon(this::obey);
        Client client = connect();
        BlobWriter writer = client.createBlob(100)) {
      writer.shrink(40);

      assertThat(writer.segment().byteSize()).isEqualTo(40);
      assertThat(daemon.requests()).contains(new BlobRequest.Shrink(FIRST, 40));
      assertThatThrownBy(() -> writer.shrink(41))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a blob of 40 bytes cannot shrink to 41");
    }
  }

  @Test
  void emptyBlobsNeedNoDaemon() throws Exception {
    try (var daemon = daemon(this::obey);
        Client client = connect();
        BlobWriter writer = client.createBlob(0)) {
      Blob blob = writer.seal();

      assertThat(blob.id()).isEqualTo(ObjectId.EMPTY_BLOB);
      assertThat(blob.segment().byteSize()).isZero();
      blob.close();
      client.getBlob(ObjectId.EMPTY_BLOB).close();
      assertThat(daemon.requests()).isEmpty();
      assertThatThrownBy(() -> client.createBlob(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("size of a blob must not be negative: -1");
    }
  }

  @Test
  void descriptorsBelongToTheKeysInTheOrderInWhichTheReplyNamesThem() throws Exception {
    int other = files.create((byte) 6);
    List<Payload> payloads =
        List.of(MemoryFiles.payload(1, 2000, 10), MemoryFiles.payload(2, STORE_FD, 10));
    var reply = new BlobReply.CreatedMany(payloads, List.of(STORE_FD, 2000));
    try (var _ =
            daemon(request ->
                request instanceof BlobRequest.CreateMany
                    ? new ScriptedDaemon.Answer(reply, List.of(file, other))
                    : obey(request));
        Client client = connect()) {
      List<BlobWriter> writers = client.createBlobs(List.of(10L, 10L));

      assertThat(writers.get(0).segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 6);
      assertThat(writers.get(1).segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 5);
    }
  }

  @Test
  void aMemoryFileShorterThanAnnouncedIsRefused() throws Exception {
    var payload = new Payload(FIRST, STORE_FD, 0, 10, MemoryFiles.SIZE_BYTES + 9, 0, false, true);
    try (var _ = daemon(_ -> created(payload));
        Client client = connect()) {
      assertThatThrownBy(() -> client.createBlob(10))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("has 65536 bytes where the daemon announced 65537");
    }
  }

  @Test
  void aBlobOutsideItsMemoryFileIsRefused() throws Exception {
    var inside = MemoryFiles.payload(1, STORE_FD, 10);
    var outside = new Payload(FIRST, STORE_FD, 65_530, 10, inside.mapSizeBytes(), 0, false, true);
    try (var _ =
            daemon(request ->
                switch (request) {
                  case BlobRequest.Create(var sizeBytes) when sizeBytes == 10 -> created(inside);
                  case BlobRequest.Create _ -> created(outside);
                  default -> obey(request);
                });
        Client client = connect();
        BlobWriter fits = client.createBlob(10)) {
      assertThat(fits.sizeBytes()).isEqualTo(10);
      assertThatThrownBy(() -> client.createBlob(11))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("lies outside its memory file of 65536 bytes");
    }
  }

  @Test
  void aDraftIsStoredWithTwoWaitsAndLeavesNothingHeld() throws Exception {
    try (var daemon = daemon(this::obey);
        Client client = connect()) {
      ObjectId id =
          client.create(
              Draft.object("T")
                  .put("n", 3)
                  .member("buffer_", new Draft.OfBlob(4, memory -> memory.fill((byte) 9)))
                  .build());

      assertThat(id).isEqualTo(OBJECT);
      Waiting.until(
          "the blob is released", () -> daemon.requests().contains(new BlobRequest.Release(FIRST)));
      assertThat(daemon.requests().stream().map(Request::getClass).map(Class::getSimpleName))
          .containsExactly("Create", "Seal", "Create", "Release");
      var create = (ObjectRequest.Create) daemon.requests().get(2);
      assertThat(create.content())
          .hasToString(
              """
              {"n":3,"typename":"T","buffer_":{"id":"o8000000000000001","instance_id":0,\
              "length":4,"nbytes":4,"transient":true,"typename":"vineyard::Blob"},\
              "global":false,"instance_id":0,"nbytes":0,"transient":true}\
              """);
    }
  }

  @Test
  void aDraftWhoseBytesCannotBeWrittenLeavesNothing() throws Exception {
    var bug = new IllegalStateException("no bytes");
    try (var daemon = daemon(this::obey);
        Client client = connect()) {
      var draft =
          new Draft.OfBlob(
              4,
              _ -> {
                throw bug;
              });

      assertThatThrownBy(() -> client.create(draft)).isSameAs(bug);

      Waiting.until(
          "the blob is dropped", () -> daemon.requests().contains(new BlobRequest.Drop(FIRST)));
    }
  }

  @Test
  void aDraftThatIsRefusedIsDeletedAgain() throws Exception {
    try (var daemon =
            daemon(request ->
                request instanceof ObjectRequest.Create
                    ? answer(new Reply.Failed(Status.STORE_FULL, "full"))
                    : obey(request));
        Client client = connect()) {
      var draft =
          Draft.object("T")
              .member("b", new Draft.OfBlob(4, memory -> memory.fill((byte) 1)))
              .build();

      assertThatThrownBy(() -> client.create(draft))
          .isInstanceOf(StoreFullException.class)
          .hasMessage("full (create T)");

      Waiting.until(
          "the blob is deleted", () -> daemon.requests().getLast() instanceof ObjectRequest.Delete);
      assertThat(((ObjectRequest.Delete) daemon.requests().getLast()).ids()).containsExactly(FIRST);
    }
  }

  @Test
  void moreRequestsThanMayBeUnderWayAreSentInTurns() throws Exception {
    int count = 5 * Connection.UNDER_WAY_MAX + 3;
    try (var daemon = daemon(this::obey);
        Client client = connect()) {
      var draft = Draft.object("T");
      for (int i = 0; i < count; i++) {
        draft.member("b" + i, new Draft.OfBlob(1, memory -> memory.fill((byte) 1)));
      }

      assertThat(client.create(draft.build())).isEqualTo(OBJECT);

      client.getBlob(FIRST).close(); // after this, all answers before it were taken
      assertThat(daemon.requests().stream().filter(BlobRequest.Seal.class::isInstance))
          .hasSize(count);
      Waiting.until(
          "all blobs are released",
          () ->
              daemon.requests().stream().filter(BlobRequest.Release.class::isInstance).count()
                  == count + 1);
    }
  }
}
