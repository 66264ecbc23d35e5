package dev.vinery.server;

import static dev.vinery.server.Streams.ID;
import static dev.vinery.server.Streams.awaitDeferred;
import static dev.vinery.server.Streams.pull;
import static dev.vinery.server.Streams.pullText;
import static dev.vinery.server.Streams.push;
import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StreamReply;
import dev.vinery.protocol.StreamRequest;
import dev.vinery.protocol.StreamTerms;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Streams on terms that official clients do not know: several readers, and limits.
final class SharedStreamTest {
  private static final long MEMORY_BYTES = 1000;

  @RegisterExtension
  private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(MEMORY_BYTES);

  private TestClient writer;
  private TestClient one;
  private TestClient other;

  @BeforeEach
  void connect() {
    writer = daemon.client();
    one = daemon.client();
    other = daemon.client();
  }

  private void create(StreamTerms terms) {
    writer.done(new StreamRequest.Create(ID, terms));
  }

  private void write(String... texts) {
    for (String text : texts) {
      push(writer, putAndLetGo(text));
    }
  }

  /// Puts a blob that its writer does not hold.
  private ObjectId putAndLetGo(String text) {
    ObjectId blob = writer.put(text);
    writer.release(blob);
    return blob;
  }

  private static void open(TestClient reader) {
    reader.done(new StreamRequest.Open(ID, true, false));
  }

  @Test
  void eachReaderHasAPositionOfItsOwn() {
    create(StreamTerms.SHARED);
    open(one);
    open(other);
    write("a", "b");

    assertThat(pullText(one)).isEqualTo("a");
    assertThat(pullText(one)).isEqualTo("b");
    assertThat(pullText(other)).isEqualTo("a");
    Streams.waitForChunk(one);
    awaitDeferred(other, 1);
    assertThat(pullText(other)).isEqualTo("b");
    Streams.waitForChunk(other);
    awaitDeferred(writer, 2);

    write("c");

    ObjectId third = ((StreamReply.Pulled) one.wire().receiveReply()).chunk();
    assertThat(one.text(third)).isEqualTo("c");
    assertThat(other.wire().receiveReply()).isEqualTo(new StreamReply.Pulled(third, 2));
    Streams.finish(writer);
    assertThat(Streams.pullRefused(one)).isEqualTo(Status.STREAM_DRAINED);
    assertThat(Streams.pullRefused(other)).isEqualTo(Status.STREAM_DRAINED);
  }

  @Test
  void aReaderThatComesLateReadsFromTheStartAndFromAnywhere() {
    create(StreamTerms.SHARED);
    write("a", "b", "c");
    Streams.finish(writer);
    for (int i = 0; i < 3; i++) {
      pull(one);
    }
    one.close();
    eventually(() -> assertThat(Streams.status(writer).readers()).isZero());

    assertThat(pullText(other)).isEqualTo("a");
    other.done(new StreamRequest.Open(ID, true, false, 2));
    assertThat(pullText(other)).isEqualTo("c");
    other.done(new StreamRequest.Open(ID, true, false, 99));
    assertThat(Streams.pullRefused(other)).isEqualTo(Status.STREAM_DRAINED);
    open(other);
    assertThat(pullText(other)).isEqualTo("a");

    Streams.drop(writer);
    other.close();
    eventually(() -> assertThat(writer.usage()).isZero());
  }

  @Test
  void aStreamThatIsNotSharedIsReadAtItsOnePosition() {
    create(StreamTerms.PLAIN);
    assertThat(one.refused(new StreamRequest.Open(ID, true, false, 1))).isEqualTo(Status.INVALID);
    open(one);
    assertThat(other.refused(new StreamRequest.Open(ID, true, false)))
        .isEqualTo(Status.STREAM_OPENED);
  }

  @Test
  void whatAllHaveReadGoesWhenItIsInTheWayOfTheLimit() {
    create(StreamTerms.SHARED.withLimitBytes(10));
    open(one);
    open(other);
    write("1234", "5678");
    pull(one);
    pull(other);
    pull(one);
    writer.wire().send(new StreamRequest.Push(ID, putAndLetGo("xyz")));
    awaitDeferred(other, 1);

    pull(other); // now nobody needs the first chunk

    assertThat(writer.wire().receiveReply()).isEqualTo(Reply.Done.PUSH_CHUNK);
    assertThat(Streams.status(writer).keptBytes()).isEqualTo(7);
    TestClient late = daemon.client();
    assertThat(late.wire().call(new StreamRequest.Pull(ID), StreamReply.Pulled.class).index())
        .isEqualTo(1);
    eventually(() -> assertThat(writer.usage()).isEqualTo(7));
  }

  @Test
  void aReaderThatLeavesIsWaitedForNoMore() {
    create(StreamTerms.SHARED.withLimitBytes(5));
    open(one);
    open(other);
    write("1234");
    pull(one);
    Streams.waitForChunk(one);
    writer.wire().send(new StreamRequest.Reserve(ID, 4));
    awaitDeferred(daemon.client(), 2);

    other.close();

    assertThat(writer.wire().receiveReply()).isInstanceOf(StreamReply.Reserved.class);
  }

  @Test
  void aPlainStreamHasALimitToo() {
    create(StreamTerms.PLAIN.withLimitBytes(5));
    write("123456789"); // alone it may be longer
    writer.wire().send(new StreamRequest.Push(ID, putAndLetGo("x")));
    awaitDeferred(one, 1);
    assertThat(pullText(one)).isEqualTo("123456789");
    Streams.waitForChunk(one); // which ends the reading of the first

    assertThat(writer.wire().receiveReply()).isEqualTo(Reply.Done.PUSH_CHUNK);
    assertThat(one.wire().receiveReply()).isInstanceOf(StreamReply.Pulled.class);
  }

  @Test
  void whatIsReadGoesWhenMemoryIsShort() {
    create(StreamTerms.SHARED);
    write("x".repeat(500));
    pull(one);
    open(other);
    other.close();
    Streams.waitForChunk(one);
    eventually(() -> assertThat(Streams.status(writer).readers()).isOne());

    assertThat(Streams.reserve(writer, 700).sizeBytes()).isEqualTo(700);
  }

  @Test
  void chunksThatAreTooOldGoReadOrNot() {
    create(StreamTerms.SHARED.withLimitAge(Duration.ofMillis(1)));
    open(one);
    write("a", "b");

    eventually(() -> assertThat(Streams.status(writer).keptBytes()).isZero());
    assertThat(writer.usage()).isZero();
    write("c");
    Streams.finish(writer);
    eventually(() -> assertThat(Streams.status(writer).keptBytes()).isZero());
    assertThat(Streams.pullRefused(one)).isEqualTo(Status.STREAM_DRAINED);

    one.close();
    eventually(() -> assertThat(Streams.survey(writer)).isEmpty());
  }

  @Test
  void aChunkThatIsBeingReadIsNotTooOldForItsReader() {
    create(StreamTerms.SHARED.withLimitAge(Duration.ofMillis(1)));
    Streams.waitForChunk(one);
    awaitDeferred(writer, 1);
    write("a");
    ObjectId chunk = ((StreamReply.Pulled) one.wire().receiveReply()).chunk();
    eventually(() -> assertThat(Streams.status(writer).keptBytes()).isZero());

    assertThat(one.text(chunk)).isEqualTo("a");
    Streams.waitForChunk(one);
    eventually(() -> assertThat(writer.usage()).isZero());
  }

  @Test
  void aPlainStreamThatNobodyReadsEndsWhenItIsTooOld() {
    create(StreamTerms.PLAIN.withLimitAge(Duration.ofMillis(1)));
    write("a");
    Streams.finish(writer);

    eventually(() -> assertThat(Streams.survey(writer)).isEmpty());
    assertThat(writer.usage()).isZero();
  }

  @Test
  void aPatientPushWaitsAtTheThresholdUntilWhatIsThereIsRead() {
    create(StreamTerms.PLAIN);
    push(writer, putAndLetGo("x".repeat(500)));
    ObjectId next = putAndLetGo("y".repeat(400));
    writer.wire().send(new StreamRequest.Push(ID, next, true));
    awaitDeferred(one, 1);
    assertThat(pullText(one)).hasSize(500);
    assertThat(writer.wire().receiveReply()).isEqualTo(Reply.Done.PUSH_CHUNK);

    assertThat(pull(one)).isEqualTo(next);
  }
}
