package dev.vinery.server;

import static dev.vinery.server.Streams.ID;
import static dev.vinery.server.Streams.awaitDeferred;
import static dev.vinery.server.Streams.failure;
import static dev.vinery.server.Streams.pull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StreamReply;
import dev.vinery.protocol.StreamRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Writers that have to wait for room.
final class StreamRoomTest {
  private static final long MEMORY_BYTES = 1000;
  private static final long THRESHOLD_BYTES = 800;
  private static final long NEXT_BYTES = 200;

  @RegisterExtension
  private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(MEMORY_BYTES);

  @Test
  void aWriterWaitsAtTheThresholdUntilItsReaderPulls() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    Streams.reserve(writer, 400);
    writer.wire().send(new StreamRequest.Reserve(ID, THRESHOLD_BYTES - 400));
    awaitDeferred(reader, 1);
    assertThat(reader.usage()).isEqualTo(400);

    pull(reader); // the chunk being written was sealed before the wait
    assertThat(writer.wire().silent()).isTrue();
    Streams.waitForChunk(reader);

    assertThat(reserved(writer).sizeBytes()).isEqualTo(THRESHOLD_BYTES - 400);
    assertThat(reader.wire().silent()).isTrue();
    Streams.finish(writer);
    assertThat(reader.wire().receiveReply()).isInstanceOf(StreamReply.Pulled.class);
  }

  /// Lets a writer wait for the chunk that comes next.
  ///
  /// @return what is in the way, which the other client has put
  private static ObjectId letWait(TestClient writer, TestClient other) {
    Streams.create(writer);
    ObjectId obstacle = other.put("x".repeat(700));
    writer.wire().send(new StreamRequest.Reserve(ID, NEXT_BYTES));
    awaitDeferred(other, 1);
    return obstacle;
  }

  private static Payload reserved(TestClient writer) {
    Reply reply = writer.wire().receiveReply();
    assertThat(reply).isInstanceOf(StreamReply.Reserved.class);
    return ((StreamReply.Reserved) reply).payload();
  }

  @Test
  void oneByteBelowTheThresholdDoesNotWait() {
    TestClient writer = daemon.client();
    Streams.create(writer);
    Streams.reserve(writer, 400);

    assertThat(Streams.reserve(writer, THRESHOLD_BYTES - 401).sizeBytes())
        .isEqualTo(THRESHOLD_BYTES - 401);
  }

  @Test
  void whateverBecomesFreeEndsTheWait() {
    TestClient writer = daemon.client();
    TestClient other = daemon.client();
    ObjectId obstacle = letWait(writer, other);

    other.delete(obstacle);

    assertThat(reserved(writer).sizeBytes()).isEqualTo(NEXT_BYTES);
  }

  @Test
  void aClientThatLeavesMakesRoom() {
    TestClient writer = daemon.client();
    TestClient other = daemon.client();
    Streams.create(writer);
    other.create(700);
    writer.wire().send(new StreamRequest.Reserve(ID, NEXT_BYTES));
    awaitDeferred(other, 1);

    other.close();

    assertThat(reserved(writer).sizeBytes()).isEqualTo(NEXT_BYTES);
  }

  @Test
  void aChunkThatCanNeverFitIsRefused() {
    TestClient writer = daemon.client();
    Streams.create(writer);
    Payload before = Streams.write(writer, "abc");

    for (long sizeBytes : List.of(THRESHOLD_BYTES, MEMORY_BYTES + 1, Long.MAX_VALUE)) {
      assertThat(writer.refused(new StreamRequest.Reserve(ID, sizeBytes)))
          .isEqualTo(Status.STORE_FULL);
    }
    assertThat(Streams.status(writer).readyChunks()).as("nothing has changed").isZero();
    Streams.finish(writer);
    assertThat(pull(writer)).isEqualTo(before.id());
  }

  @Test
  void nobodyElseWritesWhileAWriterWaits() {
    TestClient writer = daemon.client();
    TestClient other = daemon.client();
    ObjectId obstacle = letWait(writer, other);

    for (StreamRequest request :
        List.of(
            new StreamRequest.Push(ID, obstacle),
            new StreamRequest.Reserve(ID, 1),
            new StreamRequest.Stop(ID, false, ""))) {
      assertThat(other.refused(request)).isEqualTo(Status.INVALID_STREAM_STATE);
    }
    other.delete(obstacle);
    reserved(writer);
    Streams.push(other, ObjectId.EMPTY_BLOB);
  }

  @Test
  void droppingTheStreamEndsTheWait() {
    TestClient writer = daemon.client();
    TestClient other = daemon.client();
    ObjectId obstacle = letWait(writer, other);

    Streams.drop(other);

    Reply.Failed failed = failure(writer);
    assertThat(failed.status()).isEqualTo(Status.STREAM_FAILED);
    assertThat(failed.message()).endsWith("it was dropped");
    awaitDeferred(other, 0);
    other.delete(obstacle); // nobody waits for this room any more
    assertThat(other.usage()).isZero();
  }

  @Test
  void aWriterThatLeavesWaitsNoLonger() {
    TestClient writer = daemon.client();
    TestClient other = daemon.client();
    ObjectId obstacle = letWait(writer, other);

    writer.close();

    awaitDeferred(other, 0);
    assertThat(Streams.pullRefused(other)).isEqualTo(Status.STREAM_FAILED);
    other.delete(obstacle);
    assertThat(other.usage()).isZero();
  }
}
