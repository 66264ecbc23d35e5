package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A reader's bytes stay as they are while it holds them, whatever others do, and cost nobody
/// anything afterwards.
final class ReaderGuaranteeTest {
  private static final int LIMIT_BYTES = 1 << 20;
  private static final int SIZE_BYTES = 100_000;

  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(LIMIT_BYTES);

  /// Every way in which a blob goes away.
  static Stream<Named<Function<ObjectId, Request>>> waysToDelete() {
    return Stream.of(
        Named.of("drop", BlobRequest.Drop::new),
        Named.of("delete", id -> deletion(id, false, false)),
        Named.of("force", id -> deletion(id, true, false)),
        Named.of("fast path", id -> deletion(id, false, true)),
        Named.of("clear", _ -> new ObjectRequest.Clear()));
  }

  private static Request deletion(ObjectId id, boolean force, boolean fastpath) {
    return new ObjectRequest.Delete(List.of(id), force, true, fastpath, true, false);
  }

  @ParameterizedTest
  @MethodSource("waysToDelete")
  void theBytesOfAHeldBlobStayWhileOthersDeleteItAndFillTheStore(
      Function<ObjectId, Request> deletion) {
    byte[] bytes = someBytes();
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    ObjectId id = writer.put(bytes);
    Payload held = reader.getOne(id);

    writer.done(deletion.apply(id));
    fill(writer);

    assertSame(reader.read(held), bytes);
    assertThat(writer.usage()).isEqualTo(LIMIT_BYTES);
    writer.done(new ObjectRequest.Clear());
    assertThat(writer.usage()).isEqualTo(SIZE_BYTES);
    reader.release(id);
    assertThat(writer.usage()).isZero();
  }

  @ParameterizedTest
  @MethodSource("waysToDelete")
  void aDeletedBlobIsInvisibleAtOnceAlsoToItsReaders(Function<ObjectId, Request> deletion) {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    ObjectId id = writer.put(someBytes());
    reader.getOne(id);

    writer.done(deletion.apply(id));

    for (TestClient client : List.of(writer, reader, daemon.client())) {
      assertThat(client.finds(id)).isFalse();
      assertThat(client.exists(id)).isFalse();
      assertThat(client.sees(id)).isFalse();
      assertThat(client.refused(new BlobRequest.Seal(id))).isEqualTo(Status.OBJECT_NOT_FOUND);
      client.done(new BlobRequest.Hold(List.of(id)));
    }
    assertThat(writer.usage()).isEqualTo(SIZE_BYTES);
    reader.release(id);
    assertThat(writer.usage()).isZero();
  }

  @Test
  void theBytesComeBackWhenTheLastOfSeveralReadersGoes() {
    TestClient writer = daemon.client();
    TestClient first = daemon.client();
    TestClient second = daemon.client();
    TestClient third = daemon.client();
    ObjectId id = writer.put(someBytes());
    first.getOne(id);
    second.done(new BlobRequest.Hold(List.of(id)));
    third.getOne(id);
    writer.delete(id);

    first.close();
    second.release(id);
    eventually(() -> assertThat(writer.status().ipcConnections()).isEqualTo(3));
    assertThat(writer.usage()).isEqualTo(SIZE_BYTES);

    third.close();
    eventually(() -> assertThat(writer.usage()).isZero());
  }

  @Test
  void whoSealsIsNoReaderAndKeepsNothingThatOthersDelete() {
    TestClient writer = daemon.client();
    ObjectId id = writer.put(someBytes());

    daemon.client().delete(id);

    assertThat(writer.usage()).isZero();
  }

  @Test
  void whoDeletesGivesUpItsOwnReading() {
    TestClient client = daemon.client();
    ObjectId id = client.put(someBytes());
    client.getOne(id);

    client.delete(id);

    assertThat(client.usage()).isZero();
    assertThat(client.refused(new BlobRequest.Release(id))).isEqualTo(Status.KEY_ERROR);
  }

  @Test
  void aBlobThatIsStillWrittenStaysTheWritersWhenAnotherDropsIt() {
    TestClient writer = daemon.client();
    TestClient other = daemon.client();
    Payload written = writer.create(SIZE_BYTES);

    other.drop(written.id());

    assertThat(other.exists(written.id())).isFalse();
    assertNobodyGetsTheBytesOf(writer, written);
    writer.close();
    eventually(() -> assertThat(other.usage()).isEqualTo(LIMIT_BYTES - SIZE_BYTES));
  }

  @Test
  void aBlobThatAnotherSealedAndDeletedStaysTheWritersUntilItLetsGo() {
    TestClient writer = daemon.client();
    TestClient other = daemon.client();
    Payload written = writer.create(SIZE_BYTES);

    other.seal(written.id());
    other.delete(written.id());

    assertNobodyGetsTheBytesOf(writer, written);
    writer.close();
    eventually(() -> assertThat(other.usage()).isEqualTo(LIMIT_BYTES - SIZE_BYTES));
  }

  @Test
  void nobodyButTheWriterShrinksABlob() {
    TestClient writer = daemon.client();
    TestClient other = daemon.client();
    Payload written = writer.create(SIZE_BYTES);

    assertThat(other.refused(new BlobRequest.Shrink(written.id(), 1))).isEqualTo(Status.INVALID);

    assertNobodyGetsTheBytesOf(writer, written);
  }

  /// Others fill the store, then the writer writes on; their bytes must not change.
  private void assertNobodyGetsTheBytesOf(TestClient writer, Payload written) {
    TestClient neighbour = daemon.client();
    List<Payload> theirs = fill(neighbour);
    writer.write(written, filled(SIZE_BYTES, 7));

    for (Payload payload : theirs) {
      assertSame(neighbour.read(payload), filled((int) payload.sizeBytes(), FILLING));
    }
  }

  @Test
  void whoReadsAnUnsealedBlobHoldsItToo() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    byte[] bytes = someBytes();
    Payload written = writer.create(SIZE_BYTES);
    writer.write(written, bytes);
    Payload read =
        reader
            .wire()
            .call(new BlobRequest.Get(List.of(written.id()), true), BlobReply.Found.class)
            .payloads()
            .getFirst();

    writer.drop(written.id());
    fill(writer);

    assertSame(reader.read(read), bytes);
    reader.close();
    eventually(() -> assertThat(writer.usage()).isEqualTo(LIMIT_BYTES - SIZE_BYTES));
  }

  @Test
  void aReaderKeepsBothBlobsThatHadTheSameId() {
    TestClient writer = daemon.client();
    Path opened = Sessions.open(writer, StoreType.NORMAL);
    TestClient target = daemon.client(opened);
    TestClient reader = daemon.client(opened);
    byte[] firstBytes = filled(SIZE_BYTES, 1);
    byte[] secondBytes = filled(SIZE_BYTES, 2);
    ObjectId first = writer.put(firstBytes);
    ObjectId second = writer.put(secondBytes);
    ObjectId id = new ObjectId(Long.MIN_VALUE | 77);
    Sessions.move(target, 0, first, id);
    Payload firstRead = reader.getOne(id);
    target.delete(id);
    Sessions.move(target, 0, second, id);
    Payload secondRead = reader.getOne(id);
    target.delete(id);
    writer.delete(first, second);

    fill(writer);

    assertSame(reader.read(firstRead), firstBytes);
    assertSame(reader.read(secondRead), secondBytes);
    reader.release(id);
    assertThat(writer.usage()).isEqualTo(LIMIT_BYTES - 2 * SIZE_BYTES);
  }

  private static final byte FILLING = (byte) 0xEE;

  /// Takes all memory that is left, in pieces of several sizes, and writes it.
  static List<Payload> fill(TestClient client) {
    List<Payload> filled = new ArrayList<>();
    long left = client.status().memoryLimitBytes() - client.usage();
    while (left > 0) {
      int piece = (int) Math.max(left / 3, Math.min(left, 1000));
      Payload payload = client.create(piece);
      client.write(payload, filled(piece, FILLING));
      client.seal(payload.id());
      filled.add(payload);
      left -= piece;
    }
    return filled;
  }

  private static void assertSame(byte[] bytes, byte[] before) {
    assertThat(Arrays.mismatch(bytes, before)).as("index of the first changed byte").isEqualTo(-1);
  }

  private static byte[] filled(int sizeBytes, int value) {
    var bytes = new byte[sizeBytes];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] someBytes() {
    var bytes = new byte[SIZE_BYTES];
    RandomGenerator.getDefault().nextBytes(bytes);
    return bytes;
  }
}
