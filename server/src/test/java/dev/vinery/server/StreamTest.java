package dev.vinery.server;

import static dev.vinery.server.ObjectCreationTest.json;
import static dev.vinery.server.Streams.ID;
import static dev.vinery.server.Streams.awaitDeferred;
import static dev.vinery.server.Streams.failure;
import static dev.vinery.server.Streams.finish;
import static dev.vinery.server.Streams.pull;
import static dev.vinery.server.Streams.pullRefused;
import static dev.vinery.server.Streams.pullText;
import static dev.vinery.server.Streams.push;
import static dev.vinery.server.Streams.waitForChunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StreamReply;
import dev.vinery.protocol.StreamRequest;
import dev.vinery.protocol.StreamStatus;
import dev.vinery.protocol.StreamStatus.State;
import dev.vinery.protocol.StreamTerms;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Chunks that go from a producer to a consumer, both of which behave.
final class StreamTest {
  private static final long MEMORY_BYTES = 1 << 20;

  @RegisterExtension
  private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(MEMORY_BYTES);

  @Test
  void chunksComeInTheOrderInWhichTheyWereWritten() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);

    Streams.write(writer, "one");
    Streams.write(writer, "two");
    push(writer, writer.put("three"));
    finish(writer);

    // What is pushed overtakes what is still being written.
    assertThat(pullText(reader)).isEqualTo("one");
    assertThat(pullText(reader)).isEqualTo("three");
    assertThat(pullText(reader)).isEqualTo("two");
    assertThat(pullRefused(reader)).isEqualTo(Status.STREAM_DRAINED);
    assertThat(pullRefused(reader)).isEqualTo(Status.STREAM_DRAINED);
    assertThat(writer.usage()).isZero();
  }

  @Test
  void aPullWaitsForAPush() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    TestClient other = daemon.client();
    Streams.create(writer);
    ObjectId first = writer.put("first");
    ObjectId second = writer.put("second");

    waitForChunk(reader);
    awaitDeferred(writer, 1);
    push(writer, first);
    assertThat(reader.wire().receiveReply()).isEqualTo(new StreamReply.Pulled(first, 0));
    push(writer, second);
    assertThat(pull(reader)).isEqualTo(second);
    assertThat(writer.exists(first)).isFalse();

    waitForChunk(reader);
    awaitDeferred(writer, 1);
    assertThat(pullRefused(other)).isEqualTo(Status.INVALID_STREAM_STATE);
    finish(writer);
    assertThat(failure(reader).status()).isEqualTo(Status.STREAM_DRAINED);
    assertThat(writer.status().deferredRequests()).isZero();
  }

  @Test
  void aChunkBeingWrittenIsReadyWhenTheNextIsAskedFor() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    Payload first = Streams.write(writer, "abc");
    assertThat(first.sealed()).isFalse();
    assertThat(first.sizeBytes()).isEqualTo(3);
    waitForChunk(reader);
    awaitDeferred(writer, 1);

    Streams.reserve(writer, 5);

    assertThat(reader.wire().receiveReply()).isEqualTo(new StreamReply.Pulled(first.id(), 0));
    assertThat(reader.text(first.id())).isEqualTo("abc");
  }

  @Test
  void anEmptyChunkIsAChunk() {
    TestClient client = daemon.client();
    Streams.create(client);

    assertThat(Streams.reserve(client, 0)).isEqualTo(Payload.EMPTY);
    finish(client);

    assertThat(pull(client)).isEqualTo(ObjectId.EMPTY_BLOB);
    assertThat(pullRefused(client)).isEqualTo(Status.STREAM_DRAINED);
  }

  @Test
  void aChunkThatItsWriterDeletedIsLeftOut() {
    TestClient client = daemon.client();
    Streams.create(client);
    client.drop(Streams.write(client, "no").id());
    Streams.write(client, "yes");
    finish(client);

    assertThat(pullText(client)).isEqualTo("yes");
    assertThat(pullRefused(client)).isEqualTo(Status.STREAM_DRAINED);
  }

  @Test
  void aPullFreesWhatWasPulledBeforeEvenIfTheReaderNeverLetsGo() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    for (int i = 0; i < 3; i++) {
      push(writer, writer.put("12345678"));
    }

    for (int i = 0; i < 3; i++) {
      assertThat(pullText(reader)).isEqualTo("12345678");
      assertThat(writer.usage()).isEqualTo(8L * (3 - i));
    }
  }

  @Test
  void whoElseReadsAPulledChunkKeepsItsBytes() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    TestClient other = daemon.client();
    Streams.create(writer);
    push(writer, writer.put("kept"));
    push(writer, writer.put("next"));
    Payload read = other.getOne(pull(reader));

    pull(reader);

    assertThat(writer.exists(read.id())).isFalse();
    assertThat(other.read(read)).containsExactly('k', 'e', 'p', 't');
    assertThat(writer.usage()).isEqualTo(8);
    other.release(read.id());
    assertThat(writer.usage()).isEqualTo(4);
  }

  @Test
  void aChunkThatIsAnObjectIsDeletedWithWhatOnlyItHas() {
    TestClient client = daemon.client();
    Streams.create(client);
    ObjectId shared = member(client, client.put("shared"));
    ObjectId own = member(client, client.put("own"));
    ObjectId chunk = owner(client, shared, own);
    ObjectId keeper = owner(client, shared);
    push(client, chunk);
    finish(client);

    assertThat(pull(client)).isEqualTo(chunk);
    assertThat(client.sees(own)).isTrue();
    assertThat(pullRefused(client)).isEqualTo(Status.STREAM_DRAINED);

    assertThat(client.sees(chunk)).isFalse();
    assertThat(client.sees(own)).isFalse();
    assertThat(client.sees(shared)).isTrue();
    assertThat(client.sees(keeper)).isTrue();
    assertThat(client.usage()).isEqualTo("shared".length());
  }

  private static ObjectId member(TestClient client, ObjectId blob) {
    return client.createObject(
        json(
            "{'typename':'M','instance_id':0,'b':{'id':'%s','typename':'vineyard::Blob','instance_id':0}}"
                .formatted(blob)));
  }

  private static ObjectId owner(TestClient client, ObjectId... members) {
    var tree = new StringBuilder("{'typename':'T','instance_id':0");
    for (ObjectId id : members) {
      tree.append(
          ",'%s':{'id':'%s','typename':'M','instance_id':0,'signature':1}".formatted(id, id));
    }
    return client.createObject(json(tree.append('}').toString()));
  }

  @Test
  void aChunkThatTheReaderDeletedItselfIsPassedOver() {
    TestClient client = daemon.client();
    Streams.create(client);
    push(client, client.put("a"));
    push(client, client.put("b"));
    client.delete(pull(client));

    assertThat(pullText(client)).isEqualTo("b");
  }

  @Test
  void whatIsReadyWhenAStreamFailsIsStillRead() {
    TestClient client = daemon.client();
    Streams.create(client);
    push(client, client.put("a"));
    Streams.write(client, "b");
    Streams.fail(client, "line 7: too few fields");

    assertThat(pullText(client)).isEqualTo("a");
    assertThat(pullText(client)).isEqualTo("b");
    Reply.Failed failed = client.wire().call(new StreamRequest.Pull(ID), Reply.Failed.class);
    assertThat(failed.status()).isEqualTo(Status.STREAM_FAILED);
    assertThat(failed.message()).endsWith(" failed: line 7: too few fields");
  }

  @Test
  void aReaderThatWaitsLearnsOfAFailureAtOnce() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    waitForChunk(reader);
    awaitDeferred(writer, 1);

    Streams.fail(writer, "");

    assertThat(failure(reader).status()).isEqualTo(Status.STREAM_FAILED);
  }

  @Test
  void aStreamThatHasEndedTakesNothingMore() {
    TestClient client = daemon.client();
    Streams.create(client);
    ObjectId chunk = client.put("x");
    finish(client);

    for (StreamRequest request :
        List.of(
            new StreamRequest.Push(ID, chunk),
            new StreamRequest.Reserve(ID, 1),
            new StreamRequest.Reserve(ID, 0),
            new StreamRequest.Stop(ID, true, ""))) {
      assertThat(client.refused(request)).as("%s", request).isEqualTo(Status.INVALID_STREAM_STATE);
    }
    assertThat(client.exists(chunk)).isTrue();
    assertThat(client.usage()).isOne();
  }

  @Test
  void aStreamHasOneReaderAndOneWriter() {
    TestClient client = daemon.client();
    TestClient other = daemon.client();
    Streams.create(client);

    assertThat(client.refused(new StreamRequest.Create(ID))).isEqualTo(Status.OBJECT_EXISTS);
    client.done(new StreamRequest.Open(ID, true, false));
    assertThat(other.refused(new StreamRequest.Open(ID, true, true)))
        .isEqualTo(Status.STREAM_OPENED);
    other.done(new StreamRequest.Open(ID, false, true));
    assertThat(client.refused(new StreamRequest.Open(ID, false, true)))
        .isEqualTo(Status.STREAM_OPENED);
  }

  @Test
  void anUnknownStreamIsNotFound() {
    TestClient client = daemon.client();

    for (StreamRequest request :
        List.of(
            new StreamRequest.Open(ID, true, false),
            new StreamRequest.Push(ID, ObjectId.EMPTY_BLOB),
            new StreamRequest.Reserve(ID, 1),
            new StreamRequest.Pull(ID),
            new StreamRequest.Stop(ID, false, ""),
            new StreamRequest.Drop(ID))) {
      assertThat(client.refused(request)).as("%s", request).isEqualTo(Status.OBJECT_NOT_FOUND);
    }
    assertThat(client.usage()).isZero();
  }

  @Test
  void aReasonHasALimit() {
    TestClient client = daemon.client();
    Streams.create(client);
    String longest = "x".repeat(StreamHandler.MAX_REASON_CHARS);

    assertThat(client.refused(new StreamRequest.Stop(ID, true, longest + "x")))
        .isEqualTo(Status.INVALID);
    Streams.fail(client, longest);

    assertThat(Streams.status(client).reason()).isEqualTo(longest);
  }

  @Test
  void droppingDeletesTheChunksAndTellsWhoWaits() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    waitForChunk(reader);
    awaitDeferred(writer, 1);

    Streams.drop(writer);

    assertThat(failure(reader).status()).isEqualTo(Status.STREAM_FAILED);
    assertThat(pullRefused(reader)).isEqualTo(Status.OBJECT_NOT_FOUND);
    assertThat(Streams.survey(writer)).isEmpty();
  }

  @Test
  void droppingLeavesNothingBehind() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    Streams.write(writer, "read");
    Streams.write(writer, "ready");
    Streams.write(writer, "written");
    Payload read = reader.getOne(pull(reader));

    Streams.drop(writer);

    assertThat(reader.read(read)).containsExactly('r', 'e', 'a', 'd');
    reader.release(read.id());
    assertThat(writer.usage()).isZero();
    Streams.create(writer); // the id is free again
    assertThat(Streams.status(writer).readyChunks()).isZero();
  }

  @Test
  void streamsAreListedAsTheyAre() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    assertThat(Streams.status(writer))
        .isEqualTo(new StreamStatus(ID, State.RUNNING, "", StreamTerms.PLAIN, 0, 0, 0, 0, false));
    reader.done(new StreamRequest.Open(ID, true, false));
    Streams.write(writer, "12345");
    push(writer, writer.put("123"));
    writer.done(new StreamRequest.Create(new ObjectId(7)));
    assertThat(Streams.survey(reader))
        .containsExactly(
            new StreamStatus(
                new ObjectId(7), State.RUNNING, "", StreamTerms.PLAIN, 0, 0, 0, 0, false),
            new StreamStatus(ID, State.RUNNING, "", StreamTerms.PLAIN, 1, 3, 3, 1, true));
    Streams.fail(writer, "why");
    writer.done(new StreamRequest.Drop(new ObjectId(7)));

    pull(reader);

    assertThat(Streams.status(reader))
        .isEqualTo(new StreamStatus(ID, State.FAILED, "why", StreamTerms.PLAIN, 1, 5, 8, 1, true));
  }

  @Test
  void streamsBelongToTheirSession() {
    TestClient root = daemon.client();
    Streams.create(root);
    TestClient other = daemon.client(Sessions.open(root, StoreType.NORMAL));
    TestClient plasma = daemon.stranger();
    plasma.close();

    assertThat(pullRefused(other)).isEqualTo(Status.OBJECT_NOT_FOUND);
    Streams.create(other);
    Streams.write(other, "x");
    other.close();
    assertThat(Streams.survey(root)).hasSize(1);
  }

  @Test
  void whatDescribesAStreamIsLeftAlone() {
    TestClient client = daemon.client();
    ObjectId id = client.createObject(json("{'typename':'vineyard::ByteStream','instance_id':0}"));
    client.done(new StreamRequest.Create(id));
    client.done(new StreamRequest.Drop(id));

    assertThat(client.sees(id)).isTrue();
    client.done(new ObjectRequest.Delete(List.of(id), false, true, false, false, false));
    assertThat(client.sees(id)).isFalse();
  }
}
